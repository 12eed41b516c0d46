//! Index newtypes: positions in the vectors of a [`Problem`](super::Problem).

macro_rules! index {
    ($(#[$doc:meta] $name:ident),* $(,)?) => {$(
        #[$doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The position as `usize`.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }

            /// The index newtype of a position.
            ///
            /// Positions beyond `u32` saturate; a problem holds far fewer entities.
            #[must_use]
            pub fn from_index(position: usize) -> Self {
                Self(u32::try_from(position).unwrap_or(u32::MAX))
            }
        }
    )*};
}

index! {
    /// Position in `Problem::people`.
    PersonIx,
    /// Position in `Problem::needs`.
    NeedIx,
    /// Position in `Problem::places`.
    PlaceIx,
    /// Position in `Problem::skills`.
    SkillIx,
    /// Position in `Problem::shift_types`.
    ShiftTypeIx,
    /// Position in `Problem::cases`.
    CaseIx,
    /// Position in `Problem::receptions`.
    ReceptionIx,
    /// Position in `Problem::venues`.
    VenueIx,
    /// Position in `Problem::units`.
    UnitIx,
}
