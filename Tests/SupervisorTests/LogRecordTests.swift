import Testing
import Values

@testable import Supervisor

@Suite struct LogRecordTests {
  @Test(
    "Bytes are cut into lines",
    arguments: [
      (["a\nb\n"], ["a", "b"]),
      (["a", "b\nc"], ["ab", "c"]),
      (["a\r\n\r\n"], ["a\r", "\r"]),
      (["\n\n"], ["", ""]),
      ([], []),
    ])
  func bytesAreCutIntoLines(chunks: [String], expected: [String]) {
    var splitter = LineSplitter()
    var lines: [String] = []
    for chunk in chunks {
      splitter.append(Array(chunk.utf8)) { line, _ in lines.append(String(decoding: line, as: UTF8.self)) }
    }
    splitter.finish { line, _ in lines.append(String(decoding: line, as: UTF8.self)) }
    #expect(lines == expected)
  }

  @Test("A long line is cut into parts that go on") func aLongLineIsCutIntoPartsThatGoOn() {
    var splitter = LineSplitter()
    var lengths: [Int] = []
    var goOn: [Bool] = []
    splitter.append([UInt8](repeating: 120, count: LineSplitter.maximumLength * 2 + 5)) {
      lengths.append($0.count)
      goOn.append($1)
    }
    splitter.finish {
      lengths.append($0.count)
      goOn.append($1)
    }
    #expect(lengths == [LineSplitter.maximumLength, LineSplitter.maximumLength, 5])
    #expect(goOn == [true, true, false])
  }

  @Test("A line as long as it may be is one line") func aLineAsLongAsItMayBeIsOneLine() {
    var splitter = LineSplitter()
    var lengths: [Int] = []
    let line = [UInt8](repeating: 120, count: LineSplitter.maximumLength) + [UInt8(ascii: "\n")]
    splitter.append(line + line) { line, goesOn in if !goesOn { lengths.append(line.count) } }
    splitter.finish { line, _ in lengths.append(line.count) }
    #expect(lengths == [LineSplitter.maximumLength, LineSplitter.maximumLength])
  }

  @Test(
    "What is no line is not read as one",
    arguments: ["", "x", "12 o", "12 x text", "twelve o text", "12  o text"])
  func whatIsNoLineIsNotReadAsOne(text: String) {
    #expect(LogRecord(line: Array(text.utf8)) == nil)
  }

  @Test("A line is read as it was written") func aLineIsReadAsItWasWritten() {
    var bytes: [UInt8] = []
    let at = Timestamp(milliseconds: 1_763_693_220_123)
    LogRecord.write(Array(" two  spaces ".utf8), at: at, isError: true, into: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == "1763693220123 e  two  spaces \n")
    let record = LogRecord(line: bytes.dropLast())
    #expect(record?.bytes == Array(" two  spaces ".utf8))
    #expect(record?.at == at)
    #expect(record?.isError == true && record?.goesOn == false)
  }

  @Test(
    "A log keeps every byte but line breaks, and which parts belong to one line", arguments: [false, true])
  func bytesAndPartsAreKept(isError: Bool) {
    let all = (UInt8.min...UInt8.max).filter { $0 != UInt8(ascii: "\n") }
    var bytes: [UInt8] = []
    LogRecord.write(all, at: Timestamp(milliseconds: 5), isError: isError, goesOn: true, into: &bytes)
    let record = LogRecord(line: bytes.dropLast())
    #expect(record?.bytes == all && record?.isError == isError && record?.goesOn == true)
  }
}
