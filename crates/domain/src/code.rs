//! Enumerations that cross every rim as a short stable code, never as a Thai word.

/// Declares an enumeration whose variants have one stable code each. The code is what a row, the
/// wire and the catalogue of words use; the first variant is the default of a missing field.
macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $first:ident = $first_code:literal $(, $variant:ident = $code:literal)* $(,)? }) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize,
        )]
        pub enum $name {
            #[default]
            #[serde(rename = $first_code)]
            $first,
            $(#[serde(rename = $code)] $variant,)*
        }

        impl $name {
            /// Every variant, in order.
            pub const ALL: &'static [Self] = &[Self::$first $(, Self::$variant)*];

            /// The stable code of this variant.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { Self::$first => $first_code $(, Self::$variant => $code)* }
            }

            /// The variant with this code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|each| each.code() == code)
            }
        }
    };
}
pub(crate) use codes;
