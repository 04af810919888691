//! First names that are one name: short forms, and the forms of other languages and transliterations. Our own list.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// Forms of one first name a line, the full one first; in lower case, without marks.
const FORMS: &str = "
william bill billy will willie
robert bob bobby rob robbie
richard dick rick rich richie ricky
james jim jimmy jamie
thomas tom tommy
michael mike mick mickey
edward ed eddie ted ned
theodore teddy
joseph joe joey
john johnny jack
charles charlie chuck
daniel dan danny
david dave davy
stephen steven steve
benjamin ben benny
samuel sam sammy
matthew matt
anthony tony
andrew andy drew
christopher chris
patrick pat paddy
timothy tim timmy
gregory gregor greg
jeffrey geoffrey jeff geoff
kenneth ken kenny
lawrence laurence larry
leonard len lenny
nicholas nick nicky
peter pete
philip phillip phil
raymond ray
ronald ron ronnie
donald don donny
douglas doug
gerald gerry jerry
harold harry hal
henry hank
frederick fred freddie
albert al bert
alfred alf alfie
walter walt
vincent vince
eugene gene
abraham abe
zachary zach zack
joshua josh
jonathan jon
nathaniel nathan nate
elizabeth liz beth betty lizzie eliza betsy libby
katherine catherine kathryn kate cathy kathy katie
margaret maggie peggy meg
jennifer jen jenny
rebecca becky
deborah debbie debra deb
patricia patty trish
barbara barb
susan sue susie suzie
christine chris tina
victoria vicky vicki
kimberly kim
jacqueline jackie
judith judy
dorothy dot dottie
dolores lola
alexandra sasha
vladimir volodymyr wladimir uladzimir
andrei andrey andrii andriy andrij andry andrej
alexander aleksandr aleksander oleksandr alexandr aliaksandr
alexei alexey aleksei aleksey oleksiy oleksii oleksij alexej
dmitry dmitri dmitriy dmitrii dmytro dimitri dmitrij
sergei sergey serhiy serhii sergej serhij siarhei
mikhail mykhailo mikhailo michail
nikolai nikolay mykola nikolaj nicolai
yevgeny evgeny yevgeniy yevhen yevhenii evgenii evgueni eugeny evgeniy
yuri yuriy yurii yury iurii jurij juri
pavel pavlo
petr pyotr petro piotr
igor ihor
oleg oleh
vitaly vitaliy vitalii vitali
valery valeriy valerii valeri
anatoly anatoliy anatolii anatoli
vasily vasyl vasiliy vasilii vassily
grigory hryhoriy grigoriy grigori hryhorii
gennady gennadiy hennadiy gennadi
arkady arkadiy arkadi
georgy georgiy heorhiy georgi heorhii
viktor victor
fyodor fedor fiodor
artem artyom artiom
maxim maksim maksym
konstantin kostyantyn constantine kostiantyn
stanislav stanislau
vyacheslav viacheslav vjaceslav
denis denys
kirill kyrylo kiril
ilya illia ilia
tatiana tatyana tetiana tetyana
natalia nataliya natalya nataliia natalja
yelena elena olena
yekaterina ekaterina kateryna
olga olha
yulia yuliya julia iuliia yuliia
lyudmila ljudmila liudmyla lyudmyla ludmila
oksana oxana
anastasia anastasiya anastasiia
mohammed muhammad mohamed mohammad muhammed mohamad muhamad
ahmed ahmad ahmet
hussein hussain husain hossein husayn hosein
khalid khaled
yusuf yousef youssef yousuf yosef
mahmoud mahmud
hassan hasan
mustafa mostafa moustafa
omar umar
osama usama
yasser yasir yaser
ibrahim ebrahim
saeed said saiid
tariq tareq tarek
nasser naser nasir
faisal feisal faysal
jamal gamal
ismail esmail
suleiman sulaiman soliman
abdulrahman abdelrahman abdurrahman
abdullah abdallah abdulla
muammar moammar
mansour mansur
";

/// A number for a first name, the same for all its forms; none for a name without forms.
pub(super) fn form(plain: &str) -> Option<usize> {
    static INDEX: LazyLock<FxHashMap<&str, usize>> = LazyLock::new(|| {
        let mut index = FxHashMap::default();
        for (number, line) in FORMS.lines().enumerate() {
            for name in line.split_whitespace() {
                index.entry(name).or_insert(number);
            }
        }
        index
    });
    INDEX.get(plain).copied()
}

/// True if the two forms are ways to write one name in Latin letters, rather than a short form.
pub(super) fn is_transliterated(number: usize) -> bool {
    static FIRST: LazyLock<usize> = LazyLock::new(|| form("vladimir").unwrap_or(usize::MAX));
    number >= *FIRST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_name_share_a_number() {
        assert_eq!(form("bill"), form("william"));
        assert_eq!(form("volodymyr"), form("vladimir"));
        assert_ne!(form("hassan"), form("hussein"));
        assert_ne!(form("mohammed"), form("mahmoud"));
        assert_eq!(form("xyzzy"), None);
        assert!(is_transliterated(form("andrii").unwrap()));
        assert!(!is_transliterated(form("bob").unwrap()));
    }
}
