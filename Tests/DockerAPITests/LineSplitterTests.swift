import Testing
import Wire

@testable import DockerAPI

@Suite struct LineSplitterTests {
  @Test("Reads every split alike") func readsEverySplitAlike() throws {
    let input = Array("{\"a\":1}\r\n\n{\"b\":2}\n{".utf8)
    for cut in 0...input.count {
      var splitter = LineSplitter.ofEngine(limit: 100)
      var lines = try splitter.add(input[..<cut]) + splitter.add(input[cut...])
      if let last = splitter.finish() { lines.append(last) }
      #expect(lines.map { String(decoding: $0, as: UTF8.self) } == ["{\"a\":1}", "", "{\"b\":2}", "{"])
    }
  }

  @Test("A line without end is an error") func aLineWithoutEndIsAnError() throws {
    var splitter = LineSplitter.ofEngine(limit: 10)
    _ = try splitter.add([UInt8](repeating: 0x61, count: 10))
    #expect(throws: DockerError.self) { _ = try splitter.add([0x61]) }
  }
}
