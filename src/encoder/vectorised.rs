//! Loops compiled for the instructions that the processor has.

/// Declares a function whose body is compiled for any processor, for AVX2 and for AVX-512, and which takes a
/// [`Level`](fearless_simd::Level) before its other parameters to choose between them. Its loops should run over arrays of
/// a fixed length, or over whole slices number by number: those the compiler turns into vectors.
macro_rules! vectorised {
    ($(#[$meta:meta])* $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) $(-> $result:ty)? $body:block) => {
        $(#[$meta])*
        $vis fn $name(level: fearless_simd::Level, $($arg: $type),*) $(-> $result)? {
            #[inline(always)]
            fn portable($($arg: $type),*) $(-> $result)? $body

            #[cfg(target_arch = "x86_64")]
            if let Some(avx512) = level.as_avx512() {
                fearless_simd::kernel!(
                    fn with_avx512(avx512: Avx512, $($arg: $type),*) $(-> $result)? {
                        let _ = avx512;
                        portable($($arg),*)
                    }
                );
                return with_avx512(avx512, $($arg),*);
            } else if let Some(avx2) = level.as_avx2() {
                fearless_simd::kernel!(
                    fn with_avx2(avx2: Avx2, $($arg: $type),*) $(-> $result)? {
                        let _ = avx2;
                        portable($($arg),*)
                    }
                );
                return with_avx2(avx2, $($arg),*);
            }
            let _ = level;
            portable($($arg),*)
        }
    };
}

pub(super) use vectorised;

/// The level of this processor, and those below it that have code of their own. That of AVX-512 is tried where there is one.
#[cfg(test)]
pub(super) fn levels() -> Vec<fearless_simd::Level> {
    use fearless_simd::Level;
    let best = Level::new();
    #[cfg(target_arch = "x86_64")]
    return [Some(best), best.as_avx2().map(Level::Avx2), best.as_sse2().map(Level::Sse2)]
        .into_iter()
        .flatten()
        .collect();
    #[cfg(not(target_arch = "x86_64"))]
    vec![best]
}
