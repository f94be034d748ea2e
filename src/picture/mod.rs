//! Pictures that the program draws itself: values in, bytes of a PNG out.
//!
//! A picture is put together as SVG and drawn with the letters that the program carries, so that it looks the same on
//! every machine. Promise: equal values give an equal picture; whatever the text, the SVG is well-formed. What the
//! letters do not have (Hangul, emoji) is drawn as `□`, so a picture always stands beside its text. Deliberately
//! absent: files, and what the texts say.

mod letters;
mod message;
mod timeline;

pub use message::{Line, Message};
pub use timeline::{Event, Timeline};

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

/// Pixels for one unit of the drawing: sharp on a phone.
const SCALE: f32 = 2.0;
/// No picture is larger, in pixels a side.
const MAX_SIDE: u32 = 8_000;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The drawing cannot be read.
    #[error("the drawing is not well-formed: {0}")]
    Drawing(#[from] resvg::usvg::Error),
    /// It has no size, or one past all reason.
    #[error("a picture of {width} by {height} pixels cannot be drawn")]
    Size {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// It cannot be written as PNG.
    #[error("the picture cannot be written: {0}")]
    Png(String),
}

/// Draws SVG, with the program's own letters, as PNG.
///
/// # Errors
/// If the SVG is not well-formed, or too large.
pub fn png(svg: &str) -> Result<Vec<u8>, PictureError> {
    let options = Options {
        font_family: letters::FAMILY.to_owned(),
        fontdb: Arc::clone(letters::database()),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options)?;
    let size = tree.size().to_int_size();
    let (width, height) = (
        (size.width() as f32 * SCALE) as u32,
        (size.height() as f32 * SCALE) as u32,
    );
    let is_small = width.max(height) <= MAX_SIDE;
    let pixmap = is_small.then(|| Pixmap::new(width, height)).flatten();
    let mut pixmap = pixmap.ok_or(PictureError::Size { width, height })?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixmap.as_mut());
    pixmap
        .encode_png()
        .map_err(|error| PictureError::Png(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_drawing_or_too_large_is_refused() {
        assert!(matches!(png("<svg"), Err(PictureError::Drawing(_))));
        let large = r#"<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="10"/>"#;
        assert!(matches!(png(large), Err(PictureError::Size { .. })));
        let small = r#"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="10"/>"#;
        assert!(png(small).unwrap().starts_with(b"\x89PNG"));
    }
}
