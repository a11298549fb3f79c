//! Rows S1 to S21 of the catalogue of bad input, what comes to a server or a desk by a line or on a stick: which tests
//! show that each gets its answer. The tests lie where their subject lies; here it is seen that none of them went away.

use std::{fs, path::Path};

/// A row: what comes in, the right answer, and the tests that show it.
struct Row {
    number: u32,
    what: &'static str,
    tests: &'static [&'static str],
}

const fn row(number: u32, what: &'static str, tests: &'static [&'static str]) -> Row {
    Row {
        number,
        what,
        tests,
    }
}

const ROWS: &[Row] = &[
    row(
        1,
        "cut at any byte, or longer: refused, nothing applied, sent again",
        &[
            "a_frame_cut_at_any_byte_or_longer_than_it_should_be_is_refused_and_changes_nothing",
            "a_section_cut_off_or_with_something_behind_it_is_refused",
            "an_answer_cut_after_any_byte_changes_nothing_and_the_next_round_hears_it_whole",
        ],
    ),
    row(
        2,
        "the same twice, a hundred times, at once: applied once, the same answer",
        &[
            "a_batch_sent_twice_gets_the_same_answer_and_is_applied_once",
            "a_batch_that_comes_a_hundred_times_at_once_is_applied_once",
        ],
    ),
    row(
        3,
        "out of order, with a gap, an older number after a newer: 409 with the number that is missing",
        &[
            "a_batch_that_leaves_a_number_out_is_refused_whole_with_the_number_that_is_missing",
            "a_gap_is_filled_from_the_number_the_server_waits_for",
        ],
    ),
    row(
        4,
        "applied, and the answer was lost: the answer is given again",
        &[
            "a_push_whose_answers_are_lost_and_whose_server_dies_loses_and_doubles_nothing",
            "an_answer_given_again_tells_what_others_wrote_over_it_since",
        ],
    ),
    // A desk has no timer of its own: a person presses, so nothing has to be spread out in time.
    row(
        5,
        "an answer that is cut, drips, stalls, lies about its packing; portals, proxies: given up by the whole time, \
         told by type and signature",
        &[
            "an_answer_cut_after_any_byte_changes_nothing_and_the_next_round_hears_it_whole",
            "an_answer_that_drips_or_stalls_is_given_up_and_asked_again",
            "what_says_that_it_is_packed_and_is_not_or_never_ends_is_not_believed",
            "portals_and_proxies_are_told_from_the_server_whatever_they_call_their_pages",
            "a_captive_portal_a_redirect_and_a_broken_answer_are_not_taken_for_the_server",
            "a_port_where_nobody_listens_is_unreachable_and_a_silent_one_times_out",
        ],
    ),
    row(
        6,
        "clocks 543 years off, in 1970, yesterday, at the ends of all numbers: the server's order, pointed out",
        &["whatever_a_clock_says_the_servers_order_stands_and_the_clock_is_pointed_out"],
    ),
    row(
        7,
        "50 MB, a million changes, 10,000 levels, names twice, 1e400, no UTF-8, NUL: 413 or 422 before it is read",
        &[
            "what_is_too_much_or_makes_no_sense_in_a_frame_is_refused_with_a_code",
            "what_is_no_request_is_refused_with_a_code_and_nothing_is_applied",
            "fifty_megabytes_are_refused_by_their_length",
            "a_field_said_twice_in_json_is_refused_and_neither_value_is_taken",
            "a_nul_is_a_sign_like_others_in_text_and_no_part_of_a_name_or_a_code",
            "a_value_as_deep_as_the_wire_allows_is_kept_told_and_disputed_and_one_deeper_is_refused",
        ],
    ),
    row(
        8,
        "what is small on the line and large behind it: a cap on what is made of it",
        &[
            "what_would_inflate_over_the_limit_is_refused_before_it_does",
            "a_few_bytes_cannot_become_gigabytes",
            "records_that_are_heavier_than_they_look_reach_every_desk_in_lighter_pages",
            "outcomes_that_no_answer_holds_are_given_in_smaller_batches",
        ],
    ),
    row(
        9,
        "outside the scope: held with `denied_scope` or `denied_area`, and nothing told of what is there",
        &[
            "a_change_to_another_offices_record_is_held_and_tells_nothing_of_it",
            "every_role_in_every_relation_to_a_record_changes_it_only_when_the_domain_says_so",
        ],
    ),
    // Who works at a desk is known to the desk alone: a change carries the role that its author had there.
    row(
        10,
        "revoked, pending, unknown; a role that may not: 410, 403, held",
        &[
            "a_signing_device_is_answered_by_its_state_its_key_and_its_office",
            "a_device_is_answered_by_its_state_its_token_and_its_office",
            "a_device_that_was_shut_out_is_told_so_under_the_servers_signature",
            "a_device_that_was_shut_out_gets_nothing_more",
            "a_role_that_never_does_something_does_not_do_it_through_sync",
        ],
    ),
    row(
        11,
        "bad signature, another's, over another version, for another server: 401, no more is said",
        &[
            "what_another_signed_or_what_is_no_request_is_answered_as_if_nobody_were_known",
            "a_frame_with_any_bit_turned_is_refused_or_says_the_very_same",
            "a_request_for_another_server_is_refused_under_the_signature_of_this_one",
            "a_wrong_token_and_an_unknown_device_get_the_same_answer",
        ],
    ),
    row(
        12,
        "newer or older than the other end: 426 and everything kept; unknown fields go round",
        &[
            "a_desk_that_is_newer_than_its_server_keeps_what_it_has_to_say",
            "what_a_newer_program_says_is_told_from_what_is_wrong",
            "members_of_a_newer_program_are_passed_over_and_older_ones_have_a_default",
            "a_field_this_server_does_not_know_is_kept_and_passed_on",
        ],
    ),
    // Erasing a person (PDPA, section 33) is no part of the product yet; a record that was withdrawn is.
    row(
        13,
        "a change to a record that was withdrawn: not written over, told with its reason",
        &["a_record_that_was_withdrawn_is_not_written_over"],
    ),
    row(
        14,
        "the same field on two desks, edit against close, assign against unassign: one rule, both kept, the author told",
        &[
            "different_fields_merge_and_the_same_field_becomes_a_conflict_with_both_values",
            "a_state_that_cannot_follow_from_the_servers_is_held_and_does_not_block_what_comes_after",
            "both_values_stand_side_by_side_and_what_was_recorded_here_travels_once_a_person_has_put_it",
            "an_assignment_in_conflict_takes_its_need_along",
        ],
    ),
    row(
        15,
        "a cloned disk: found out, both begin anew, all kept",
        &[
            "a_number_that_comes_again_with_another_change_shows_a_cloned_disk_and_changes_nothing",
            "two_desks_from_one_disk_are_both_stopped_and_begin_anew_with_all_they_hold",
        ],
    ),
    row(
        16,
        "a desk put back from an old copy: found out, nothing doubled",
        &[
            "a_desk_put_back_from_an_old_copy_of_its_disk_is_found_out_even_when_it_has_nothing_to_say",
        ],
    ),
    row(
        17,
        "a server put back from an old copy: another epoch, told again what it lost",
        &[
            "a_server_put_back_from_a_copy_is_told_again_what_it_lost",
            "a_server_put_back_without_being_told_stops_until_the_operator_says_so",
            "what_was_seen_in_an_order_that_is_over_does_not_overwrite_what_came_in_the_new_one",
        ],
    ),
    row(
        18,
        "a wrong address, another province, a certificate that is over, an authority nobody gave: refused, named",
        &[
            "a_certificate_that_is_over_of_another_name_or_of_an_unknown_authority_is_named_as_such",
            "a_wrong_address_and_another_provinces_server_are_named_as_such_and_are_told_nothing",
            "what_answers_in_the_servers_place_is_not_believed",
        ],
    ),
    row(
        19,
        "a server in trouble for hours: the queue grows, nothing is lost",
        &[
            "a_server_in_trouble_for_hours_makes_the_queue_longer_and_loses_nothing",
            "a_desk_is_told_to_ask_again_while_the_database_is_away",
        ],
    ),
    row(
        20,
        "a server that says what no server says: checked as what is pushed is",
        &[
            "a_server_that_says_what_no_server_says_is_believed_no_more_for_its_signature",
            "an_answer_that_breaks_the_protocol_is_not_absorbed",
        ],
    ),
    row(
        21,
        "a file that is cut, altered, another's, taken twice: refused whole, or once",
        &[
            "a_file_that_is_damaged_foreign_or_for_another_desk_is_refused_whole",
            "what_two_desks_do_goes_by_stick_and_taken_twice_it_is_taken_once",
        ],
    ),
];

fn sources(folder: &Path, all: &mut String) {
    for file in fs::read_dir(folder).unwrap().flatten() {
        let path = file.path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            all.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn every_row_of_what_comes_by_sync_has_tests_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut all = String::new();
    for folder in ["tests/tests", "crates"] {
        sources(&root.join(folder), &mut all);
    }
    for (row, number) in ROWS.iter().zip(1..) {
        assert_eq!(row.number, number, "{}", row.what);
        assert!(!row.tests.is_empty(), "S{number}: {}", row.what);
        for test in row.tests {
            let defined = all.contains(&format!("fn {test}("));
            assert!(defined, "S{number}, {}: no test {test}", row.what);
        }
    }
    assert_eq!(ROWS.len(), 21);
}
