/// What a machine can check of a criterion.
///
/// A criterion has a check only if its whole text has one of the forms below; nothing before, between or behind is
/// passed over. So negations, conditions, conjunctions and restrictions ("fails", "unless", "and", "on macOS") leave it
/// without one. Case does not matter, nor do emphasis and one full stop at the end.
///
///     criterion = form [ "(" remark ")" ] [ "." ]
///     form      = [ all ] [ the ] ( "file" | "files" ) existing          ; the paths under "File" of the task, each of them
///               | path existing [ place ]
///               | path absent [ place ]
///               | path "contains" [ [ "the" ] ( "text" | "string" ) ] text
///               | command ( "outputs" | "prints" ) [ "exactly" ] [ [ "the" ] ( "text" | "string" ) ] text [ where ]
///               | command "output" ( "contains" | "includes" ) text
///               | [ the ] "output of" SPAN ( ( "is" | "equals" ) [ "exactly" ] | "contains" | "includes" ) text
///               | command exiting
///               | command working
///               | subject ( "pass" | "passes" | "succeed" | "succeeds" ) ( ":" SPAN | "(" SPAN ")" | ( "with" | "via" | "using" ) SPAN )
///               | ( "verify" | "verification" | "check" ) ":" SPAN
///
///     path      = [ the ] noun ( SPAN | WORD ) | [ the ] SPAN [ noun ]
///     noun      = [ "new" | "test" | "source" | "config" | "configuration" ] "file" | "script" | [ "new" ] ( "directory" | "folder" )
///     existing  = "exists" | "exist" | [ "is" | "are" | "was" | "were" | "has been" | "have been" ] "created" | "is present"
///     absent    = ( "does not" | "doesn't" ) "exist" [ "anymore" | "any more" ] | "no longer exists" | "is absent" | "is gone"
///               | [ "is" | "was" | "has been" ] ( "removed" | "deleted" )
///     place     = ( "in" | "at" | "under" ) [ the ] root
///     root      = owner | [ owner ] "root" [ "directory" | "folder" ] | "root of" [ the ] owner
///     owner     = "workspace" | "project" | "repo" | "repository"
///     command   = ( "running" | "executing" | [ the ] "command" ) SPAN | [ the ] SPAN [ "command" ]
///     where     = ( "to" | "on" ) ( "stdout" | "standard output" )
///     text      = SPAN | QUOTED                                          ; without "\", "`", "…", "...", "<word>", "()" at the end
///     exiting   = "exits" ( NUMBER | "with" [ [ "exit" | "return" ] ( "code" | "status" ) ] NUMBER )
///               | "returns" [ "with" ] ( "exit" | "return" ) ( "code" | "status" ) NUMBER
///               | "exits" how
///     working   = ( "passes" | "succeeds" | "works" ) [ how ] | ( "runs" | "completes" | "finishes" ) how
///     how       = "successfully" | "cleanly" | "without" [ "any" ] ( "error" | "errors" ) | "with" ( "no" | "zero" | "0" ) ( "errors" | "failures" )
///     subject   = one to four of: all, the, new, existing, unit, integration, e2e, end-to-end, test, tests, suite, build, lint,
///                 linter, linting, type, check, checks, typecheck, type-check, quality, gate, gates, format, formatting
///     remark    = "new" | "new file" | "created" | "required" | "exit 0" | "exit code 0" | "code 0" | "all green"
///               | ( "no" | "zero" | "0" | "without" ) [ "type" | "compile" | "typescript" | "lint" | "build" ] "errors"
///     the       = "the" | "a" | "an"
///     all       = "all" | "both"
///
/// SPAN is a code span, QUOTED a text in straight or curly double quotes, WORD a word, NUMBER 0 to 255. A path must look
/// like one (``PathShape``; a WORD or a script also without the noun before it) and a command like one (``CommandShape``): "`get_health()` works" and "`dark mode` works" have
/// no check, since only a known program, an option or a path proves a command there; "Running", "command" and an exit
/// code do so themselves. Commands that stay in the foreground ("`npm start` works") have none either.
package enum CriterionCheck: Sendable, Equatable {
    /// Something, of whatever kind, is at each of the paths; there is at least one.
    ///
    /// Paths are relative to the workspace unless they start with `/`. A path that ends with `/` is a directory's.
    case exists(paths: [String])
    /// Nothing is at the path, not even a symbolic link that leads nowhere.
    case isAbsent(path: String)
    /// The command, run by a shell in the workspace, ends by itself with exit code 0 and writes the text to its standard
    /// output.
    ///
    /// To be compared: the standard output with `\r\n` read as `\n`, and the text, both without white space (space, tab,
    /// `\r`, `\n`) at either end. If `isExact` they are equal, else the output contains the text as a whole: where the text
    /// begins or ends with a letter or a digit, none stands beside it, so that `42` is not in `1423`. Case counts, standard
    /// error does not.
    case outputs(command: String, text: String, isExact: Bool)
    /// The command, run by a shell in the workspace, ends by itself with the exit code.
    case succeeds(command: String, code: Int)
    /// The file at the path is a regular one and contains the text, byte for byte.
    case contains(path: String, text: String)
}
