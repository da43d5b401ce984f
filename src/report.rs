//! Documents made from the store. It reads only.
