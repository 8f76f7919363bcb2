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

  /// What docker compose 2.26 prints for them with `config`.
  @Test(arguments: [
    ("1.10", "1.1"), ("010", "8"), ("022", "18"), ("08", "8"), ("09.5", "9.5"), ("1_000", "1000"),
    ("0x1F", "31"), ("0b11", "3"), ("0o17", "15"), ("1e3", "1000"), ("1e5", "100000"), ("1e6", "1e+06"),
    ("1e-4", "0.0001"), ("1e-5", "1e-05"), ("123456.7", "123456.7"), ("1234567.5", "1.2345675e+06"),
    (".5", "0.5"), ("5.", "5"), ("1.0", "1"), ("100000000.0", "1e+08"),
    ("12345678901234567890", "12345678901234567890"), ("99999999999999999999", "1e+20"), ("+5", "5"),
    ("-5", "-5"), ("-0", "0"), ("-0.0", "-0"), ("0", "0"), ("007", "7"), ("-010", "-8"),
    ("2024-01-01", "2024-01-01 00:00:00 +0000 UTC"), ("2024-1-2", "2024-01-02 00:00:00 +0000 UTC"),
    ("2024-13-01", "2024-13-01"), ("1.2.3", "1.2.3"), ("12:30", "12:30"), ("True", "true"),
    ("FALSE", "false"), ("yes", "yes"), ("on", "on"), ("1.5e", "1.5e"), ("0x", "0x"), ("0x1G", "0x1G"),
    ("1__0", "10"), ("_1", "_1"), ("1_", "1"), ("0.1", "0.1"), ("3.14159", "3.14159"), ("-2.50", "-2.5"),
    ("0.00012", "0.00012"), ("0.000012", "1.2e-05"), ("1e21", "1e+21"), ("00", "0"), ("0_7", "7"),
    ("+0x10", "16"), ("-0b1", "-1"), (".e1", ".e1"), ("1.e2", "100"), ("+.5", "0.5"), ("0o8", "0o8"),
    ("18446744073709551616", "1.8446744073709552e+19"), ("-9223372036854775808", "-9223372036854775808"),
    ("True1", "True1"),
  ])
  func numbersAreWrittenAnew(text: String, handedOver: String) {
    #expect(ComposeNumber.rewritten(text) == (text == handedOver ? nil : handedOver))
  }
}
