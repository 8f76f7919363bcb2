import NIOCore
import Testing
import Wire

@testable import KubernetesAPI

@Suite struct StreamTests {
  private static func lines(_ pieces: [String], times: Bool, limit: Int = 1 << 20) -> [String] {
    var assembler = LogAssembler(hasTimes: times, limit: limit)
    var lines: [LoggedLine] = []
    for piece in pieces { lines += assembler.add(Array(piece.utf8)) }
    lines += [assembler.finish()].compactMap(\.self)
    return lines.map { line in
      (line.time.map { "\($0)|" } ?? "") + String(decoding: line.bytes, as: UTF8.self)
        + (line.goesOn ? "…" : "")
    }
  }

  @Test("Lines are put together") func linesArePutTogether() {
    #expect(Self.lines(["a\nb", "c\n\nd"], times: false) == ["a", "bc", "", "d"])
    let time = "2026-11-21T02:47:00.5Z"
    let shown = "2026-11-21T02:47:00.500000000Z"
    #expect(
      Self.lines(["\(time) a", "b\n\(time) \n", "\(time) x y"], times: true) == [
        "\(shown)|ab", "\(shown)|", "\(shown)|x y",
      ])
    // What has no time is a line all the same.
    #expect(Self.lines(["no time here\nrpc error: x\n"], times: true) == ["no time here", "rpc error: x"])
  }

  @Test("A long line comes in parts") func aLongLineComesInParts() {
    let long = String(repeating: "x", count: 100)
    #expect(
      Self.lines([long + "\nshort\n"], times: false, limit: 40)
        == [
          String(repeating: "x", count: 40) + "…", String(repeating: "x", count: 40) + "…",
          String(repeating: "x", count: 20), "short",
        ])
    #expect(
      Self.lines(["2026-11-21T02:47:00Z \(long)\n"], times: true, limit: 40).count == 4)
  }

  @Test("Lines have a limit") func linesHaveALimit() {
    var splitter = LineSplitter.ofServer(limit: 8)
    #expect(throws: KubernetesError.self) { try splitter.add(Array("123456789".utf8)) }
  }

  @Test(
    "Messages are read",
    arguments: [
      ([1, 104, 105], ExecMessage.output([104, 105])), ([2], .error([])), ([3, 123], .status([123])),
      ([255, 1], .close(channel: 1)), ([], nil), ([255], nil), ([9, 1], nil), ([0, 1], nil),
    ] as [([UInt8], ExecMessage?)])
  func messagesAreRead(_ bytes: [UInt8], _ message: ExecMessage?) { #expect(ExecMessage(bytes) == message) }

  @Test("Messages are written") func messagesAreWritten() {
    #expect(Array(ExecMessage.input([7]).bytes.readableBytesView) == [0, 7])
    #expect(Array(ExecMessage.close(channel: 0).bytes.readableBytesView) == [255, 0])
    #expect(
      String(buffer: ExecMessage.resize(columns: 80, rows: 24).bytes) == "\u{4}"
        + #"{"Width":80,"Height":24}"#)
  }

  @Test(
    "An exit status is read",
    arguments: [
      (#"{"metadata":{},"status":"Success"}"#, 0),
      (
        #"{"metadata":{},"status":"Failure","message":"command terminated with exit code 3","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"3"}]}}"#,
        3
      ),
    ])
  func anExitStatusIsRead(_ status: String, _ code: Int) throws {
    #expect(try ExecStatus.exitCode(Array(status.utf8)) == code)
  }

  @Test(
    "A command that cannot be run is an error",
    arguments: [
      (
        #"{"kind":"Status","status":"Failure","message":"no such program","reason":"InternalError"}"#,
        "no such program"
      ),
      (#"{"status":"Failure","message":"no such program"}"#, "no such program"), ("x", "makes no sense: x"),
      ("{}", "makes no sense"),
    ])
  func aCommandThatCannotBeRunIsAnError(_ status: String, _ message: String) {
    let error = #expect(throws: KubernetesError.self) { try ExecStatus.exitCode(Array(status.utf8)) }
    #expect(error?.message.contains(message) == true)
  }

  @Test("Lines of watches are read") func linesOfWatchesAreRead() throws {
    func line(_ text: String) -> WatchLine? { WatchLine(Array(text.utf8)) }
    guard
      case .event(.added(let object), let version) = line(
        #"{"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"7"}}}"#)
    else {
      Issue.record("an object is added")
      return
    }
    #expect(object.name == "a" && version == "7")
    guard case .bookmark("9") = line(#"{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9"}}}"#)
    else {
      Issue.record("there is a bookmark")
      return
    }
    guard
      case .failure(let error) = line(
        #"{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}"#)
    else {
      Issue.record("the server can't go on")
      return
    }
    #expect(error.isExpired)
    for text in [
      "", "x", "{}", #"{"type":"ADDED"}"#, #"{"type":"NEW","object":{}}"#, #"{"type":"ADDED","object":1}"#,
    ] {
      #expect(line(text) == nil, "\(text)")
    }
  }

  @Test("Pauses grow and have a limit") func pausesGrowAndHaveALimit() {
    var policy = RetryPolicy()
    policy.random = { 1 }
    #expect(
      [1, 2, 3, 6, 60].map { policy.pause(after: $0) } == [
        .milliseconds(250), .milliseconds(500), .seconds(1), .seconds(8), .seconds(8),
      ])
    policy.random = { 0 }
    #expect(policy.pause(after: 2) == .milliseconds(250))
    #expect(policy.pause(asked: .seconds(3)) == .seconds(3))
  }

  @Test("Versions are read") func versionsAreRead() {
    let version = ServerVersion(["major": "1", "minor": "31+", "gitVersion": "v1.31.2-eks-7f9249a"])
    #expect(version?.description == "v1.31.2-eks-7f9249a")
    #expect(version?.major == 1 && version?.minor == 31)
    #expect(
      ServerVersion(["major": "", "minor": "", "gitVersion": "v1.20.2"]).map { "\($0.major).\($0.minor)" }
        == "1.20")
    #expect(ServerVersion(["gitVersion": "unknown"]) == nil)
    #expect(ServerVersion(major: 1, minor: 9) < ServerVersion(major: 1, minor: 20))
  }
}
