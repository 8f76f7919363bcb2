import Testing
import Values

@testable import NomadAPI

@Suite struct LogPieceTests {
  private func frame(_ number: Int, end: Int64, _ text: String, event: String = "") -> LogFrame {
    var json: JSON = ["File": .string("alloc/logs/web.stdout.\(number)"), "Offset": .int(end)]
    if !text.isEmpty { json["Data"] = .string(Base64.encode(Array(text.utf8))) }
    if !event.isEmpty { json["FileEvent"] = .string(event) }
    guard let frame = LogFrame(json) else { fatalError("the frame makes no sense") }
    return frame
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test("Frames are cut wherever the pieces end", arguments: [1, 2, 7, 1000]) func framesAreCut(
    _ size: Int
  ) throws {
    let answer =
      #"{}{"Data":"aGk=","File":"a/w.stdout.3","Offset":2}{}\#n{"File":"q\"}{","FileEvent":"file deleted"}"#
    var splitter = FrameSplitter()
    var frames: [LogFrame] = []
    var rest = Array(answer.utf8)[...]
    while !rest.isEmpty {
      frames += try splitter.add(rest.prefix(size))
      rest = rest.dropFirst(size)
    }
    #expect(frames.map(\.isHeartbeat) == [true, false, true, false])
    #expect(text(frames[1].bytes) == "hi" && frames[1].number == 3 && frames[1].offset == 2)
    #expect(frames[3].event == "file deleted")
    #expect(splitter.rest() == nil)
  }

  @Test("What stands behind the frames is what went wrong") func whatWentWrong() throws {
    var splitter = FrameSplitter()
    _ = try splitter.add(Array(#"{"Data":"aGk="}failed to {stream}: "#.utf8))
    _ = try splitter.add(Array("gone".utf8))
    #expect(splitter.rest() == "failed to {stream}: gone")
    var half = FrameSplitter()
    _ = try half.add(Array(#"{"Data":"aG"#.utf8))
    #expect(half.rest() == nil)
  }

  @Test("A frame that is none is an error") func aFrameThatIsNone() {
    var splitter = FrameSplitter()
    #expect(throws: NomadError.self) { try splitter.add(Array(#"{"Data":"?"}"#.utf8)) }
  }

  @Test("All is given of an answer that begins with the first") func allIsGiven() {
    var cursor = LogCursor(beginsFile: true, after: nil)
    #expect(text(cursor.take(frame(0, end: 3, "abc"))) == "abc")
    #expect(text(cursor.take(frame(0, end: 5, "de"))) == "de")
    #expect(text(cursor.take(frame(1, end: 2, "fg"))) == "fg")
    #expect(cursor.given == LogPlace(file: 1, offset: 2))
    #expect(!cursor.hasGap)
  }

  @Test("An answer that begins anew gives what was not given") func anAnswerThatBeginsAnew() {
    var cursor = LogCursor(beginsFile: true, after: LogPlace(file: 0, offset: 4))
    #expect(cursor.take(frame(0, end: 3, "abc")).isEmpty)
    #expect(text(cursor.take(frame(0, end: 6, "def"))) == "ef")
    #expect(text(cursor.take(frame(1, end: 1, "g"))) == "g")
  }

  @Test("A frame that a second read was added to is taken for what it is") func aSecondRead() {
    // Read from the end: the first read ended at 13, and three bytes were added.
    var cursor = LogCursor(beginsFile: false, after: nil)
    #expect(text(cursor.take(frame(2, end: 13, "abcdef"))) == "abcdef")
    // The next frame says where the first one must have ended: at 16, not at 13.
    _ = cursor.take(frame(2, end: 18, "gh"))
    #expect(cursor.given == LogPlace(file: 2, offset: 18))
  }

  @Test("What a node threw away is a gap") func aGap() {
    var cursor = LogCursor(beginsFile: true, after: LogPlace(file: 0, offset: 4))
    #expect(text(cursor.take(frame(3, end: 2, "xy"))) == "xy")
    #expect(cursor.hasGap)
    _ = cursor.take(frame(4, end: 1, "z"))
    #expect(!cursor.hasGap)
  }

  @Test("A file that is begun anew is read from its start") func aFileThatIsBegunAnew() {
    var cursor = LogCursor(beginsFile: true, after: nil)
    _ = cursor.take(frame(0, end: 9, "123456789"))
    #expect(text(cursor.take(frame(0, end: 2, "ab", event: "file truncated"))) == "ab")
    #expect(cursor.given == LogPlace(file: 0, offset: 2))
    #expect(text(cursor.take(frame(0, end: 3, "c"))) == "c")
  }
}
