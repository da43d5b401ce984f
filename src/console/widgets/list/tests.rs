//! The rows of a list as a person goes through them.

use super::*;

#[derive(Debug, Clone, PartialEq)]
struct Item(String, u32);

impl Row for Item {
    fn id(&self) -> &str {
        &self.0
    }

    /// What stands before a dash.
    fn about(&self) -> Option<&str> {
        self.0.split_once('-').map(|(about, _)| about)
    }
}

fn page(ids: &str, value: u32) -> Page<Item> {
    let rows = ids.split_whitespace().map(|id| Item(id.to_owned(), value)).collect();
    Page { rows, next: None }
}

fn ids(list: &List<Item>) -> String {
    list.rows.iter().map(Row::id).collect::<Vec<_>>().join(" ")
}

fn list(rows: &str) -> List<Item> {
    let mut list = List::default();
    list.set_height(3);
    list.accept(page(rows, 1), Fetch::Anew);
    list
}

#[test]
fn what_begins_about_a_thing_takes_the_place_of_what_ended_about_it() {
    let mut list = list("a vw-ending b vw-other");
    list.step(1);
    list.accept(page("a b vw-other vw-overrun", 2), Fetch::Refresh);
    assert_eq!(ids(&list), "a vw-overrun b vw-other");
    assert_eq!(list.selected().unwrap().id(), "vw-overrun");
    assert!(list.is_swapped(), "it was not what the person selected");
    list.looked();
    assert!(!list.is_swapped());
    assert_eq!(list.new_rows(), 0);
    list.accept(page("a vw-overrun b vw-other vw-third", 3), Fetch::Refresh);
    assert_eq!(ids(&list), "a vw-overrun b vw-other vw-third");
    list.last();
    list.mark();
    list.accept(page("a vw-overrun b vw-other vw-fourth", 4), Fetch::Refresh);
    assert_eq!(ids(&list), "a vw-overrun b vw-other vw-fourth");
    assert_eq!(list.new_rows(), 0);
    assert!(!list.is_marked(list.selected().unwrap()));
}

#[test]
fn a_refresh_moves_nothing_and_puts_what_is_new_below() {
    let mut list = list("a b c d");
    list.step(2);
    list.accept(page("z a c d y", 2), Fetch::Refresh);
    assert_eq!(ids(&list), "a b c d z y");
    assert_eq!(list.selected().unwrap(), &Item("c".into(), 2));
    assert_eq!(list.new_rows(), 2);
    list.accept(page("z a c d y", 3), Fetch::Refresh);
    assert_eq!((ids(&list).as_str(), list.new_rows()), ("a b c d z y", 2));
    assert!(list.is_gone(&Item("b".into(), 1)));
}

#[test]
fn a_row_that_went_far_down_a_long_list_is_not_shown_as_if_it_still_stood_there() {
    let mut list: List<Item> = List::default();
    list.accept(Page { next: Some("e".into()), ..page("a b c d", 1) }, Fetch::Anew);
    let long = |rows: &str, version| Page { next: Some("z".into()), ..page(rows, version) };
    list.accept(long("a c d e f", 2), Fetch::Refresh);
    assert!(list.is_gone(&Item("b".into(), 1)));
    assert_eq!((ids(&list).as_str(), list.new_rows()), ("a b c d", 0), "what follows is not new");
    // What comes in above pushes nothing out of the read.
    list.accept(long("n a b c d e", 3), Fetch::Refresh);
    assert!(list.rows().all(|row| !list.is_gone(row)));
    assert_eq!(list.new_rows(), 1);
    // A read that ends where the list does says nothing of who is missing.
    list.accept(long("n a c d", 4), Fetch::Refresh);
    assert!(list.rows().all(|row| !list.is_gone(row)));
}

#[test]
fn sorting_again_keeps_the_selected_object_not_its_place() {
    let mut list = list("a b c d");
    list.step(2);
    list.accept(page("c x a b d", 2), Fetch::Anew);
    assert_eq!(list.selected().unwrap().id(), "c");
    assert_eq!(list.new_rows(), 0);
    list.accept(page("x a", 3), Fetch::Anew);
    assert_eq!(list.selected().unwrap().id(), "x");
}

#[test]
fn a_list_that_nobody_looked_at_begins_at_its_first_row_however_often_it_is_read() {
    let mut list = list("b c");
    list.accept(page("a b c", 2), Fetch::Anew);
    assert_eq!(list.selected().unwrap().id(), "a");
}

#[test]
fn the_next_page_is_wanted_near_the_end_and_comes_without_doubles() {
    let mut list: List<Item> = List::default();
    list.set_height(2);
    list.accept(Page { next: Some("d".into()), ..page("a b c d", 1) }, Fetch::Anew);
    assert_eq!(list.wants_more(), None);
    list.step(2);
    assert_eq!(list.wants_more(), Some("d"));
    list.accept(page("d e", 1), Fetch::More);
    assert_eq!(ids(&list), "a b c d e");
    assert_eq!(list.wants_more(), None);
}

#[test]
fn the_selection_stays_in_view_however_one_moves() {
    let mut list = list("a b c d e f g");
    for step in [10, -1, -3, -100, 4, 1] {
        list.step(step);
        assert!(list.visible().any(|row| list.is_selected(row)), "{step}");
    }
    list.last();
    list.set_height(5);
    assert_eq!(list.visible().count(), 5);
    list.page(-1);
    assert_eq!(list.selected().unwrap().id(), "c");
}

#[test]
fn a_step_over_the_edge_turns_half_a_page_and_what_is_selected_stays_so() {
    let mut list = list("a b c d e f g h i j k l");
    list.set_height(4);
    let view = |list: &List<Item>| {
        let seen: Vec<&str> = list.visible().map(Row::id).collect();
        (list.selected().unwrap().id().to_owned(), seen.concat())
    };
    list.step(3);
    assert_eq!(view(&list), ("d".into(), "abcd".into()));
    list.step(1);
    assert_eq!(view(&list), ("e".into(), "cdef".into()));
    list.step(1);
    assert_eq!(view(&list), ("f".into(), "cdef".into()), "the next one turns nothing");
    for _ in 0..6 {
        list.step(1);
    }
    assert_eq!(view(&list), ("l".into(), "ijkl".into()), "no row below the last");
    list.step(-4);
    assert_eq!(view(&list), ("h".into(), "hijk".into()));
    list.step(-1);
    assert_eq!(view(&list), ("g".into(), "efgh".into()));
    list.first();
    list.page(1);
    assert_eq!(view(&list), ("d".into(), "abcd".into()), "a page leaves no row unseen");
    list.page(1);
    assert_eq!(view(&list), ("g".into(), "defg".into()));
}

#[test]
fn a_list_that_does_not_fit_says_which_rows_are_in_view() {
    let mut list = list("a b c");
    assert_eq!(list.part(), None);
    list.accept(page("a b c d e", 1), Fetch::Anew);
    assert_eq!(list.part().as_deref(), Some("1-3/5"));
    list.last();
    assert_eq!(list.part().as_deref(), Some("3-5/5"));
    list.accept(Page { next: Some("f".into()), ..page("a b c d e", 1) }, Fetch::Anew);
    assert_eq!(list.part().as_deref(), Some("3-5/5+"));
}

#[test]
fn marks_belong_to_objects_and_come_off_again() {
    let mut list = list("a b");
    list.mark();
    assert!(list.is_marked(&Item("a".into(), 9)));
    list.mark();
    assert!(!list.is_marked(&Item("a".into(), 9)));
}
