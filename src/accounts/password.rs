//! Passwords: argon2id with the library's recommended cost.

use argon2::password_hash::{PasswordHash, SaltString};
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};

use super::token::random;

/// Fewest characters of a password that somebody chooses.
pub const LEAST_CHARACTERS: usize = 10;
/// Most bytes of a password: hashing takes the longer the more there are.
pub const MOST_BYTES: usize = 256;

/// Letters and digits that cannot be mistaken for each other.
const CLEAR: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// The hash of a password, in PHC form.
///
/// # Errors
/// When the system gives no randomness.
pub fn hash(password: &str) -> Result<String, String> {
    let salt = SaltString::encode_b64(&random::<16>()?).map_err(|error| error.to_string())?;
    let hashed = Argon2::default().hash_password(password.as_bytes(), &salt).map_err(|error| error.to_string())?;
    Ok(hashed.to_string())
}

/// Whether the password is the one that was hashed.
#[must_use]
pub fn is_right(password: &str, hashed: &str) -> bool {
    password.len() <= MOST_BYTES
        && PasswordHash::new(hashed)
            .is_ok_and(|hashed| Argon2::default().verify_password(password.as_bytes(), &hashed).is_ok())
}

/// A password to be used once: four groups of four clear characters, 80 bits.
///
/// # Errors
/// When the system gives no randomness.
pub fn one_time() -> Result<String, String> {
    let letters: Vec<char> =
        random::<16>()?.iter().filter_map(|byte| CLEAR.get(usize::from(byte % 32)).map(|at| char::from(*at))).collect();
    Ok(letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

/// Whether somebody may choose this password: long enough, not too long, not the account's own name.
#[must_use]
pub fn is_acceptable(password: &str, name: &str) -> bool {
    // A name of a few letters is in every other sentence.
    let holds_name = name.chars().count() >= 4 && password.contains(name);
    password.chars().count() >= LEAST_CHARACTERS && password.len() <= MOST_BYTES && !holds_name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_right_only_for_its_own_hash() {
        let hashed = hash("correct horse").unwrap();
        assert!(hashed.starts_with("$argon2id$"), "{hashed}");
        assert!(is_right("correct horse", &hashed));
        for wrong in ["", "correct horsf", &"x".repeat(MOST_BYTES + 1)] {
            assert!(!is_right(wrong, &hashed));
        }
        assert_ne!(hashed, hash("correct horse").unwrap(), "salted");
    }

    #[test]
    fn a_one_time_password_is_clear_and_never_the_same() {
        let one = one_time().unwrap();
        assert_eq!(one.len(), 19);
        assert!(one.chars().all(|character| character == '-' || CLEAR.contains(&(character as u8))), "{one}");
        assert_ne!(one, one_time().unwrap());
    }
}
