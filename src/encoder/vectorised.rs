//! Loops compiled for the instructions that the processor has.

/// Declares a function whose body is compiled twice, for any processor and for AVX2, and which takes a
/// [`Level`](fearless_simd::Level) before its other parameters to choose between them. Its loops should run over arrays of
/// a fixed length, which the compiler turns into vectors.
macro_rules! vectorised {
    ($(#[$meta:meta])* $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) $(-> $result:ty)? $body:block) => {
        $(#[$meta])*
        $vis fn $name(level: fearless_simd::Level, $($arg: $type),*) $(-> $result)? {
            #[inline(always)]
            fn portable($($arg: $type),*) $(-> $result)? $body

            #[cfg(target_arch = "x86_64")]
            if let Some(avx2) = level.as_avx2() {
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
