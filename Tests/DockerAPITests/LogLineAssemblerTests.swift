import Testing

@testable import DockerAPI

@Suite struct LogLineAssemblerTests {
  /// The lines of messages, each with its time if it has one, when every message comes in pieces of a size.
  private static func lines(_ messages: [String], times: Bool, pieces: Int, limit: Int = 1000) -> [String] {
    var assembler = LogLineAssembler(stream: .output, hasTimes: times, limit: limit)
    var lines: [ContainerLogLine] = []
    for message in messages {
      var (rest, begins) = (Array(message.utf8)[...], true)
      repeat {
        let piece = Array(rest.prefix(pieces))
        lines += assembler.add(OutputChunk(stream: .output, bytes: piece, beginsMessage: begins))
        rest = rest.dropFirst(pieces)
        begins = false
      } while !rest.isEmpty
    }
    if let last = assembler.finish() { lines.append(last) }
    return lines.map { line in
      (line.time.map { "\($0.seconds % 60).\($0.nanoseconds) " } ?? "")
        + String(decoding: line.bytes, as: UTF8.self)
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let messages: [String]
    let times: Bool
    let lines: [String]
    var testDescription: String { messages.description }
  }

  private static let cases = [
    Case(messages: [], times: false, lines: []),
    Case(messages: ["one\n", "two\n"], times: false, lines: ["one", "two"]),
    Case(messages: ["one\ntwo\r\n", "\n"], times: false, lines: ["one", "two\r", ""]),
    Case(messages: ["no end"], times: false, lines: ["no end"]),
    Case(messages: ["a", "b\nc", "\n"], times: false, lines: ["ab", "c"]),
    Case(messages: ["2026-11-21T02:47:07.000000500Z one\n"], times: true, lines: ["7.500 one"]),
    Case(
      messages: ["2026-11-21T02:47:07Z long ", "2026-11-21T02:47:08Z line\n", "2026-11-21T02:47:09Z next\n"],
      times: true, lines: ["7.0 long line", "9.0 next"]),
    Case(messages: ["2026-11-21T02:47:07Z \n"], times: true, lines: ["7.0 "]),
    Case(messages: ["no time\n"], times: true, lines: ["no time"]),
    Case(
      messages: [
        "a message without any blank, longer than a time: " + String(repeating: "x", count: 50) + "\n"
      ],
      times: true,
      lines: ["a message without any blank, longer than a time: " + String(repeating: "x", count: 50)]),
    Case(
      messages: [String(repeating: "x", count: 50) + "\n"], times: true,
      lines: [String(repeating: "x", count: 50)]),
    Case(messages: ["short"], times: true, lines: ["short"]),
  ]

  @Test("Puts lines together", arguments: cases) func putsLinesTogether(_ example: Case) {
    for pieces in [1, 2, 3, 7, 20, 1000] {
      #expect(Self.lines(example.messages, times: example.times, pieces: pieces) == example.lines)
    }
  }

  @Test("A line tells when its first and its last message were written, and how many there were")
  func messagesAreCounted() throws {
    var assembler = LogLineAssembler(stream: .output, hasTimes: true)
    func add(_ text: String) -> [ContainerLogLine] {
      assembler.add(OutputChunk(stream: .output, bytes: Array(text.utf8), beginsMessage: true))
    }
    #expect(add("2026-11-21T02:47:07Z long ").isEmpty)
    let line = try #require(add("2026-11-21T02:47:09Z line\n").first)
    #expect(line.messages == 2 && !line.goesOn)
    #expect(try #require(line.endTime).seconds - #require(line.time).seconds == 2)
    #expect(add("2026-11-21T02:47:09Z next\n").first?.messages == 1)
  }

  @Test(
    "What an engine has cut goes on, and what a container has not ended does not", arguments: [true, false])
  func whatIsCutGoesOn(isFull: Bool) {
    var assembler = LogLineAssembler(stream: .output, hasTimes: true)
    let text = String(repeating: "x", count: isFull ? 16 * 1024 : 16 * 1024 - 1)
    let message = Array("2026-11-21T02:47:07Z \(text)".utf8)
    _ = assembler.add(OutputChunk(stream: .output, bytes: message, beginsMessage: true))
    #expect(assembler.finish()?.goesOn == isFull)
  }

  @Test("Cuts long lines") func cutsLongLines() {
    let text = String(repeating: "x", count: 25)
    for pieces in [1, 9, 10, 11, 100] {
      let lines = Self.lines([text + "\n", "end\n"], times: false, pieces: pieces, limit: 10)
      #expect(lines == ["xxxxxxxxxx", "xxxxxxxxxx", "xxxxx", "end"])
    }
  }

  @Test("A line as long as it may be is one line") func aLineAsLongAsItMayBeIsOneLine() {
    for pieces in [1, 9, 10, 11, 100] {
      let lines = Self.lines(["xxxxxxxxxx\n", "end\n"], times: false, pieces: pieces, limit: 10)
      #expect(lines == ["xxxxxxxxxx", "end"])
    }
  }
}
