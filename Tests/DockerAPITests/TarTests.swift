import Foundation
import Testing

@testable import DockerAPI

@Suite struct TarTests {
  private static let long =
    "folder/" + String(repeating: "a", count: 90) + "/" + String(repeating: "b", count: 90)
  private static let entries = [
    TarEntry.folder("folder", mode: 0o750, user: 1000, group: 1001, modified: 1_795_661_220),
    .file("folder/empty", []),
    .file("folder/file", Array("hello\n".utf8), mode: 0o400, user: 12, group: 34, modified: 99),
    .file("folder/block", [UInt8](repeating: 7, count: 512), mode: 0o4755),
    .file("folder/more", [UInt8](repeating: 8, count: 513)),
    .file(long, [1]),
    .file("folder/" + String(repeating: "c", count: 200), [2]),
    .file("folder/größe", [3]),
    TarEntry(
      path: "folder/link", kind: .symbolicLink(to: "../" + String(repeating: "d", count: 120)), mode: 0o777),
    TarEntry(
      path: "folder/again", kind: .hardLink(to: "folder/file"), mode: 0o400, user: 12, group: 34, modified: 99
    ),
    .file("folder/big", [], user: 3_000_000, group: 4_000_000, modified: -5),
  ]

  @Test("Reads what it writes") func readsWhatItWrites() throws {
    #expect(try TarReader.entries(of: TarWriter.archive(Self.entries)) == Self.entries)
    #expect(try TarReader.entries(of: TarWriter.archive([])) == [])
    #expect(try TarReader.entries(of: []) == [])
  }

  @Test("Tar reads what it writes") func tarReadsWhatItWrites() throws {
    let archive = TarWriter.archive(Self.entries)
    let listing = try Self.tar(
      ["--list", "--verbose", "--numeric-owner", "--utc", "--quoting-style=literal"], input: archive)
    let lines = listing.split(separator: "\n")
    #expect(lines.count == Self.entries.count)
    #expect(lines[0].hasPrefix("drwxr-x--- 1000/1001"))
    #expect(lines[0].hasSuffix("folder/"))
    #expect(lines[2].hasPrefix("-r-------- 12/34"))
    #expect(lines[2].contains("1970-01-01 00:01"))
    #expect(lines[3].hasPrefix("-rwsr-xr-x 0/0"))
    #expect(lines[5].hasSuffix(Self.long))
    #expect(lines[8].hasSuffix(" -> ../" + String(repeating: "d", count: 120)))
    #expect(lines[10].contains("3000000/4000000"))
    #expect(try Self.tar(["--extract", "--to-stdout", "folder/file"], input: archive) == "hello\n")
  }

  @Test("Reads what tar writes", arguments: ["ustar", "pax", "gnu", "oldgnu", "v7"])
  func readsWhatTarWrites(_ format: String) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "berth-tar-\(UUID().uuidString)")
    let inner =
      format == "v7" ? "short" : String(repeating: "a", count: 60) + "/" + String(repeating: "b", count: 60)
    let file = folder.appending(path: "\(inner)/file")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("hello".utf8).write(to: file)
    try FileManager.default.createSymbolicLink(
      atPath: folder.appending(path: "link").path, withDestinationPath: "some/where")
    let target = FileManager.default.temporaryDirectory.appending(path: "berth-tar-\(UUID().uuidString).tar")
    defer { try? FileManager.default.removeItem(at: target) }
    _ = try Self.tar(["--create", "--format", format, "--file", target.path, "--directory", folder.path, "."])
    let entries = try TarReader.entries(of: Array(Data(contentsOf: target)))
    #expect(entries.first?.path == "")
    #expect(entries.first?.kind == .folder)
    #expect(entries.first { $0.path == "\(inner)/file" }?.contents == Array("hello".utf8))
    #expect(entries.first { $0.path == "link" }?.kind == .symbolicLink(to: "some/where"))
  }

  // MARK: Hostile archives

  @Test("Refuses paths that lead out", arguments: ["/etc/passwd", "../up", "a/../../up", ".."])
  func refusesPathsThatLeadOut(_ path: String) {
    #expect(throws: DockerError.self) { try TarReader.entries(of: TarWriter.archive([.file(path, [])])) }
    let link = TarEntry(path: "x", kind: .hardLink(to: path), mode: 0)
    #expect(throws: DockerError.self) { try TarReader.entries(of: TarWriter.archive([link])) }
  }

  @Test("Every cut is an error") func everyCutIsAnError() throws {
    let archive = TarWriter.archive([
      .file("a", [1, 2, 3]), .file(Self.long + String(repeating: "c", count: 200), [4]),
    ])
    for length in 1..<archive.count - 1024 {
      #expect(throws: DockerError.self) { try TarReader.entries(of: Array(archive[..<length])) }
    }
  }

  @Test("Every broken byte is an error or reads") func everyBrokenByteIsAnErrorOrReads() {
    var archive = TarWriter.archive([.file("a", [1, 2, 3]), .file(String(repeating: "c", count: 200), [4])])
    for index in archive.indices {
      let byte = archive[index]
      for other in [byte ^ 0x01, byte ^ 0x80, 0xff] {
        archive[index] = other
        // Checksums make most of it an error; nothing may crash, hang or take more than there is.
        let entries = (try? TarReader.entries(of: archive)) ?? []
        #expect(entries.reduce(0) { $0 + ($1.contents?.count ?? 0) } <= archive.count)
      }
      archive[index] = byte
    }
  }

  @Test(
    "Refuses absurd sizes",
    arguments: [
      [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
      [0x80, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
      Array("77777777777\0".utf8), Array("-0000000001\0".utf8), Array("9\0\0\0\0\0\0\0\0\0\0\0".utf8),
    ])
  func refusesAbsurdSizes(_ size: [UInt8]) {
    var archive = TarWriter.archive([.file("a", [1])])
    archive.replaceSubrange(124..<136, with: size)
    Self.mendChecksum(of: &archive)
    #expect(throws: DockerError.self) { try TarReader.entries(of: archive) }
  }

  @Test(
    "Refuses records that make no sense",
    arguments: [
      "5 a=b\n", "99 path=x\n", "0 path=x\n", "-1 path=x\n", "x", "10 size=-1\n", "12 mtime=ab\n",
      "9 path=x ",
      "4 ab",
    ])
  func refusesRecordsThatMakeNoSense(_ records: String) {
    // The length of the record is wrong, or the value is.
    var archive = TarWriter.archive([.file("x", Array(records.utf8)), .file("a", [1])])
    archive[156] = UInt8(ascii: "x")
    Self.mendChecksum(of: &archive)
    #expect(throws: DockerError.self) { try TarReader.entries(of: archive) }
  }

  private static func mendChecksum(of archive: inout [UInt8]) {
    let digits = String(TarHeader.sum(of: archive[..<512]), radix: 8)
    archive.replaceSubrange(
      148..<156, with: Array((String(repeating: "0", count: 6 - digits.count) + digits + "\0 ").utf8))
  }

  private static func tar(_ arguments: [String], input: [UInt8]? = nil) throws -> String {
    let tar = Process()
    tar.executableURL = URL(filePath: "/usr/bin/env")
    tar.arguments = ["tar"] + arguments
    tar.environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "LC_ALL": "C.UTF-8"]
    let file = FileManager.default.temporaryDirectory.appending(path: "berth-tar-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(input ?? []).write(to: file)
    tar.standardInput = try FileHandle(forReadingFrom: file)
    let output = Pipe()
    tar.standardOutput = output
    try tar.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    tar.waitUntilExit()
    #expect(tar.terminationStatus == 0)
    return String(decoding: text, as: UTF8.self)
  }
}
