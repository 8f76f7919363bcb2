import Planning
import ProviderKit
import TestSupport
import Testing
import Values
import WorkloadSpec

@testable import LocalProvider
@testable import Supervisor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct LogTests {
  /// What a log gives that holds these lines of a file.
  private func read(_ file: String, tail: Int? = nil) async throws -> [String] {
    try await read(Array(file.utf8), tail: tail).map { $0.text + ($0.goesOn ? "…" : "") }
  }

  private func read(_ file: [UInt8], tail: Int?) async throws -> [LogLine] {
    var lines: [LogLine] = []
    try await withWorld { world in
      let log = ServiceLog(folder: world.folder(), instance: InstanceID(0), service: "api")
      try Files.makeFolders(log.folder.logs)
      try Files.replace(log.path, with: file, durably: false)
      lines = try log.lines(since: nil, tail: tail)
      try Files.remove(log.folder.path)
    }
    return lines
  }

  @Test(
    "Parts are put together by their stream; what is cut off ends where nothing goes on",
    arguments: [
      ("1 O a\n2 O b\n3 o c\n", ["abc"]),
      ("1 O a\n2 e error\n3 o b\n", ["error", "ab"]),
      ("1 O a\n2 E x\n3 o b\n4 e y\n", ["ab", "xy"]),
      ("1 O a\n\n2 o b\n", ["a…", "b"]),
      ("1 O a\n2 O b\n", ["ab…"]),
      ("1 o a\n2 o torn", ["a"]),
      ("1 o a\n\n\n2 o b\n", ["a", "b"]),
    ])
  func partsArePutTogether(file: String, expected: [String]) async throws {
    #expect(try await read(file) == expected)
  }

  @Test(
    "The last lines are counted as lines, not as parts",
    arguments: [(0, []), (1, ["cd"]), (2, ["ab", "cd"]), (9, ["0", "ab", "cd"])] as [(Int, [String])])
  func lastLinesAreWhole(tail: Int, expected: [String]) async throws {
    #expect(try await read("1 o 0\n1 O a\n2 o b\n3 O c\n4 o d\n", tail: tail) == expected)
  }

  @Test("What is longer than what is kept together comes in parts of one line, which count as one")
  func veryLongLinesComeInParts() async throws {
    var file: [UInt8] = []
    let part = [UInt8](repeating: 120, count: LineSplitter.maximumLength)
    let parts = LogLine.maximumLength / part.count + 3
    for number in 0..<parts {
      LogRecord.write(
        part, at: Timestamp(milliseconds: 1), isError: false, goesOn: number < parts - 1, into: &file)
    }
    let lines = try await read(file, tail: 1)
    #expect(lines.map(\.bytes.count) == [LogLine.maximumLength, 3 * part.count])
    #expect(lines.map(\.goesOn) == [true, false])
  }

  @Test(
    "A file that is deleted while it is followed is read to its end, and one in its place from its beginning")
  func aDeletedFileIsReadToItsEnd() async throws {
    try await withWorld { world in
      let folder = world.folder()
      try Files.makeFolders(folder.logs)
      defer { try? Files.remove(folder.path) }
      let log = ServiceLog(folder: folder, instance: InstanceID(0), service: "api")
      var cursor = ServiceLog.Cursor()
      try Files.replace(log.path, with: Array("1 o one\n".utf8), durably: false)
      #expect(try log.next(&cursor).map(\.text) == ["one"])
      let descriptor = try Files.open(log.path, O_WRONLY | O_APPEND)
      try Files.writeAll("2 o two\n3 O begun\n".utf8, to: descriptor, of: log.path)
      close(descriptor)
      try Files.remove(log.path)
      #expect(try log.next(&cursor).map(\.text) == ["two"])
      #expect(log.rest(of: &cursor).map(\.text) == ["begun"])
      try Files.replace(log.path, with: Array("4 o three\n".utf8), durably: false)
      #expect(try log.next(&cursor).map(\.text) == ["three"])
    }
  }

  @Test("A full file gives way and the last full one is kept") func aFullFileGivesWayAndTheLastFullOneIsKept()
    async throws
  {
    try await withWorld { world in
      let folder = world.folder()
      try Files.makeFolders(folder.logs)
      let log = ServiceLog(folder: folder, instance: InstanceID(0), service: "api")
      var writer = LogWriter(path: folder.log(of: "api"), capacity: 64)
      var cursor = ServiceLog.Cursor()
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

  @Test("Both outputs are kept with the last line that was not ended")
  func bothOutputsAreKeptWithTheLastLineThatWasNotEnded() async throws {
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

  @Test("Lines of all services are merged by time and chosen")
  func linesOfAllServicesAreMergedByTimeAndChosen() async throws {
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
      #expect(try await lines(LogQuery(instances: ["7"])).isEmpty)
      let last = try #require(all.last)
      #expect(try await lines(LogQuery(since: last.at)).contains(last))
    }
  }

  @Test("Following goes on until it is cancelled") func followingGoesOnUntilItIsCancelled() async throws {
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
