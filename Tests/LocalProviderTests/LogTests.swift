import Planning
import ProviderKit
import TestSupport
import Testing
import WorkloadSpec

@testable import LocalProvider

@Suite struct LogTests {
  @Test(arguments: [
    (["a\nb\n"], ["a", "b"]),
    (["a", "b\nc"], ["ab", "c"]),
    (["a\r\n\r\n"], ["a", ""]),
    (["\n\n"], ["", ""]),
    ([], []),
  ])
  func bytesAreCutIntoLines(chunks: [String], expected: [String]) {
    var splitter = LineSplitter()
    var lines: [String] = []
    for chunk in chunks {
      splitter.append(Array(chunk.utf8)) { lines.append(String(decoding: $0, as: UTF8.self)) }
    }
    splitter.finish { lines.append(String(decoding: $0, as: UTF8.self)) }
    #expect(lines == expected)
  }

  @Test func aLineWithoutEndIsCut() {
    var splitter = LineSplitter()
    var lengths: [Int] = []
    splitter.append([UInt8](repeating: 120, count: LineSplitter.maximumLength * 2 + 5)) {
      lengths.append($0.count)
    }
    splitter.finish { lengths.append($0.count) }
    #expect(lengths == [LineSplitter.maximumLength, LineSplitter.maximumLength, 5])
  }

  @Test func aLineAsLongAsItMayBeIsOneLine() {
    var splitter = LineSplitter()
    var lengths: [Int] = []
    let line = [UInt8](repeating: 120, count: LineSplitter.maximumLength) + [UInt8(ascii: "\n")]
    splitter.append(line + line) { lengths.append($0.count) }
    splitter.finish { lengths.append($0.count) }
    #expect(lengths == [LineSplitter.maximumLength, LineSplitter.maximumLength])
  }

  @Test(arguments: ["", "x", "12 o", "12 x text", "twelve o text", "12  o text"])
  func whatIsNoLineIsNotReadAsOne(text: String) {
    #expect(LogRecord(line: Array(text.utf8)) == nil)
  }

  @Test func aLineIsReadAsItWasWritten() {
    var bytes: [UInt8] = []
    let at = Timestamp(milliseconds: 1_763_693_220_123)
    LogRecord.write(Array(" two  spaces ".utf8), at: at, isError: true, into: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == "1763693220123 e  two  spaces \n")
    let record = LogRecord(line: bytes.dropLast())
    #expect(record?.text == " two  spaces ")
    #expect(record?.at == at)
    #expect(record?.isError == true)
  }

  @Test func aFullFileGivesWayAndTheLastFullOneIsKept() async throws {
    try await withWorld { world in
      let folder = world.folder()
      try Files.makeFolders(folder.logs)
      let log = ServiceLog(folder: folder, instance: InstanceID(0), service: "api")
      var writer = LogWriter(path: folder.log(of: "api"), capacity: 64)
      var cursor: ServiceLog.Cursor?
      var followed: [String] = []
      for number in 0..<20 {
        var bytes: [UInt8] = []
        LogRecord.write(
          Array("line \(number)".utf8), at: Timestamp(milliseconds: Int64(number)), isError: false,
          into: &bytes)
        try writer.append(bytes)
        // Read now and then only, so that a change of files lies between two looks.
        if number % 3 == 2 { followed += try log.next(&cursor).map(\.text) }
      }
      followed += try log.next(&cursor).map(\.text)
      #expect(followed == (0..<20).map { "line \($0)" })
      #expect(try Files.names(in: folder.logs) == ["api.log", "api.log.1"])
      let kept = try log.lines(since: nil, tail: nil)
      #expect(kept.last?.text == "line 19")
      #expect(kept.count < 20 && kept.count > 4)
      #expect(try log.lines(since: nil, tail: 2).map(\.text) == ["line 18", "line 19"])
      let since = try log.lines(since: Timestamp(milliseconds: 18), tail: nil)
      #expect(since.map(\.text) == ["line 18", "line 19"])
      try Files.remove(folder.path)
    }
  }

  @Test func bothOutputsAreKeptWithTheLastLineThatWasNotEnded() async throws {
    try await withWorld { world in
      let workload = Workload.of(
        .script("job", "echo out; sleep 0.05; echo err >&2; sleep 0.05; printf last", role: .`init`))
      try await world.perform(.create, "job", of: workload)
      var lines: [LogLine] = []
      for try await line in world.provider.logs(of: world.key, matching: LogQuery()) { lines.append(line) }
      #expect(lines.map(\.text) == ["out", "err", "last"])
      #expect(lines.map(\.isError) == [false, true, false])
      #expect(lines.allSatisfy { $0.service == "job" && $0.instance == InstanceID(0) })
    }
  }

  @Test func linesOfAllServicesAreMergedByTimeAndChosen() async throws {
    try await withWorld { world in
      let workload = Workload.of(
        .script("api", "for i in 1 2 3; do echo a$i; sleep 0.1; done; exec sleep 1000"),
        .script("proxy", "for i in 1 2 3; do echo p$i; sleep 0.1; done; exec sleep 1000", role: .sidecar))
      for service in workload.services { try await world.perform(.create, service.name, of: workload) }
      func lines(_ query: LogQuery) async throws -> [LogLine] {
        var lines: [LogLine] = []
        for try await line in world.provider.logs(of: world.key, matching: query) { lines.append(line) }
        return lines
      }
      let all = try await lines(LogQuery())
      #expect(all.map(\.text).sorted() == ["a1", "a2", "a3", "p1", "p2", "p3"])
      #expect(all.map(\.at) == all.map(\.at).sorted())
      #expect(try await lines(LogQuery(services: ["proxy"], tail: 1)).map(\.text) == ["p3"])
      #expect(try await lines(LogQuery(instances: [InstanceID(7)])).isEmpty)
      let last = try #require(all.last)
      #expect(try await lines(LogQuery(since: last.at)).contains(last))
    }
  }

  @Test func followingGoesOnUntilItIsCancelled() async throws {
    try await withWorld { world in
      let workload = Workload.of(
        .script("api", "echo one; while ! test -e go; do sleep 0.02; done; echo two; exec sleep 1000"))
      try await world.perform(.create, "api", of: workload)
      var seen: [String] = []
      for try await line in world.provider.logs(of: world.key, matching: LogQuery(tail: 5, follow: true)) {
        seen.append(line.text)
        if line.text == "one" {
          try Files.replace(world.folder().root(of: "api") + "/go", with: [], durably: false)
        }
        if line.text == "two" { break }
      }
      #expect(seen == ["one", "two"])
    }
  }
}
