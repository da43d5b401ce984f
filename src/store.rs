//! Both engines behind one statement text. SQL stands nowhere else.
