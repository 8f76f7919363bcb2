import Planning
import Values

extension JournalEntry {
  /// As stores write it down.
  package var json: Value {
    [
      "run": .string(run.description), "action": .string(action.description),
      "event": .string(event.rawValue), "at": .int(at.milliseconds), "message": Value(message),
    ]
  }

  /// Reads what ``json`` wrote.
  package init(json: Value?) throws(MalformedRecord) {
    let members = RecordMembers(json)
    self.init(
      run: RunID(try members.text("run")), action: ActionID(try members.text("action")),
      event: try members.word("event", JournalEvent.init(rawValue:)), at: try members.moment("at"),
      message: members.optionalText("message"))
  }
}
