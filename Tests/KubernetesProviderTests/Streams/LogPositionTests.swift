import Testing
import Values
import Wire

@testable import KubernetesAPI
@testable import KubernetesProvider

@Suite("How far a log was read") struct LogPositionTests {
  private func line(_ text: String, _ seconds: Int64, _ nanoseconds: Int = 0) -> LoggedLine {
    LoggedLine(
      time: ServerTime(seconds: seconds, nanoseconds: nanoseconds), bytes: Array(text.utf8), goesOn: false)
  }

  private func new(_ lines: [LoggedLine], after position: LogPosition) -> [String] {
    var filter = position.filter
    return lines.filter { filter.isNew($0) }.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  @Test("of what was never read, everything is new")
  func begins() {
    #expect(LogPosition().start == nil)
    #expect(new([line("a", 5), line("b", 5)], after: LogPosition()) == ["a", "b"])
  }

  @Test("lines that were read are not new, however many are alike")
  func countsEqualLines() {
    var position = LogPosition()
    for _ in 0..<2 { position.note(line("same", 5, 7)) }
    #expect(new([line("same", 5, 7), line("same", 5, 7)], after: position) == [])
    #expect(new([line("same", 5, 7), line("same", 5, 7), line("same", 5, 7)], after: position) == ["same"])
    #expect(position.start == ServerTime(seconds: 4))
  }

  @Test("a line is new whose time is a little before that of the last one, if it comes after it")
  func toleratesTwoStreams() {
    var position = LogPosition()
    position.note(line("out", 5, 20))
    #expect(new([line("out", 5, 20), line("err", 5, 10)], after: position) == ["err"])
  }

  @Test("lines that a tail left out are not new")
  func leavesOutWhatATailDid() {
    var position = LogPosition()
    position.note(line("last", 5, 20))
    #expect(
      new([line("older", 5, 10), line("last", 5, 20), line("next", 5, 30)], after: position) == ["next"])
  }

  @Test("lines of a log that was begun anew are new")
  func goesOnInAnotherLog() {
    var position = LogPosition()
    position.note(line("last", 5, 20))
    #expect(new([line("first", 6), line("second", 6)], after: position) == ["first", "second"])
  }

  @Test("parts of a long line are what the first of them is")
  func keepsPartsTogether() {
    var position = LogPosition()
    let first = LoggedLine(time: ServerTime(seconds: 5), bytes: [1], goesOn: true)
    let rest = LoggedLine(time: nil, bytes: [2], goesOn: false)
    position.note(first)
    position.note(rest)
    var filter = position.filter
    #expect(![first, rest].contains { filter.isNew($0) })
    filter = LogPosition().filter
    #expect([first, rest].allSatisfy { filter.isNew($0) })
  }
}
