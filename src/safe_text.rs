//! Text from the store or a file, made safe to show. Widgets and printers take nothing else.
