//! What can be done to an office's records. The payloads of actions belong to the store, which
//! carries them out; here is the list that permissions, the audit and the names of undo refer to.

use crate::code::codes;

codes! {
    /// One kind of act. Everything an office does is one of these, named in the audit and in undo.
    ActionKind {
        Read = "read",
        ReadHistory = "read_history",
        Export = "export",
        CaseCreate = "case_create",
        CaseEdit = "case_edit",
        CasePlace = "case_place",
        CaseRefer = "case_refer",
        CaseClose = "case_close",
        CaseReopen = "case_reopen",
        NeedMove = "need_move",
        VolunteerCreate = "volunteer_create",
        VolunteerEdit = "volunteer_edit",
        VolunteerAway = "volunteer_away",
        TeamSave = "team_save",
        RuleSave = "rule_save",
        NeedHands = "need_hands",
        AssignmentPropose = "assignment_propose",
        AssignmentMove = "assignment_move",
        AssignmentReject = "assignment_reject",
        AssignmentClaim = "assignment_claim",
        AssignmentHandOver = "assignment_hand_over",
        ReceiverWord = "receiver_word",
        OffersExpire = "offers_expire",
        CasesEscalate = "cases_escalate",
        EscalationSeen = "escalation_seen",
        RecheckAnswer = "recheck_answer",
        TickListPrint = "tick_list_print",
        TickListVoid = "tick_list_void",
        TickListKeyBack = "tick_list_key_back",
        ReviewDecide = "review_decide",
        FollowUpAdd = "follow_up_add",
        FollowUpDone = "follow_up_done",
        VillageSave = "village_save",
        ServicePointSave = "service_point_save",
        IncidentSave = "incident_save",
        KindSave = "kind_save",
        CasesImport = "cases_import",
        VillagesImport = "villages_import",
        TroubleDecide = "trouble_decide",
        Undo = "undo",
    }
}
