import Testing

@testable import ComposeImport

/// Amounts, words and paths as compose files write them.
@Suite struct ValueTests {
  @Test(arguments: [
    ("10s", 10_000), ("1m30s", 90_000), ("1.5h", 5_400_000), ("250ms", 250), ("500us", 1), ("1500us", 2),
    ("0s", 0),
    ("1h1h", 7_200_000), ("2d", 172_800_000),
  ])
  func durations(text: String, milliseconds: Int64) {
    #expect(ComposeAmount.duration(text)?.milliseconds == milliseconds)
  }

  @Test(arguments: ["", "ten", "10x", "s", "-1s", "1e9h", "1..5s"])
  func notDurations(text: String) {
    #expect(ComposeAmount.duration(text) == nil)
  }

  @Test(arguments: [
    ("512m", 512 << 20), ("1g", 1 << 30), ("1gb", 1 << 30), ("1GiB", 1 << 30), ("64K", 64 << 10),
    ("100", 100),
    ("10b", 10), ("1.5g", 3 << 29), ("2 kb", 2048),
  ])
  func bytes(text: String, bytes: Int64) {
    #expect(ComposeAmount.bytes(text)?.bytes == bytes)
  }

  @Test(arguments: ["", "much", "1x", "-1", "0", "1e3", "99999999p"])
  func notBytes(text: String) {
    #expect(ComposeAmount.bytes(text) == nil)
  }

  @Test(arguments: [
    ("a b", ["a", "b"]), ("  a\t b\n", ["a", "b"]), ("'a b' \"c d\"", ["a b", "c d"]), ("a''", ["a"]),
    ("''", [""]), ("a\\ b", ["a b"]), ("\"a\\\"b\"", ["a\"b"]), ("'a\\b'", ["a\\b"]),
    ("a\"b c\"d", ["ab cd"]),
    ("a; b", ["a"]), ("a 2>/dev/null", ["a"]), ("a 'b;c'", ["a", "b;c"]), ("", []),
  ])
  func words(line: String, words: [String]) {
    let split = ShellWords(ComposeText(line))
    #expect(split.words.map(\.resolved) == words)
    #expect(!split.isOpen)
  }

  @Test(arguments: [("\"a", true), ("'a", true), ("a\\", true), ("a", false)])
  func openQuotes(line: String, isOpen: Bool) {
    #expect(ShellWords(ComposeText(line)).isOpen == isOpen)
  }

  @Test(arguments: [
    ("a/b", "", "a/b"), ("./a", "x", "x/a"), ("../a", "x", "a"), ("../a", "", "../a"),
    ("/a/./b", "x", "/a/b"),
    ("../../a", "x/y/z", "x/a"), ("a", "../x", "../x/a"), (".", "/w", "/w"), ("/../a", "", "/a"),
  ])
  func paths(path: String, folder: String, resolved: String) {
    #expect(FilePath.resolve(path, in: folder) == resolved)
  }

  @Test(arguments: [
    ("a/b.conf", "", "a/b.conf"), ("a/b.conf", "a", "b.conf"), ("b.conf", "out/x", "../../b.conf"),
    ("../b.conf", "out", "../../b.conf"), ("a/b.conf", "/w/a", "b.conf"), ("/etc/x", "out", "/etc/x"),
  ])
  func pathsFromAFolder(path: String, folder: String, relative: String) {
    #expect(FilePath.relative(path, to: folder, workingFolder: "/w") == relative)
  }
}
