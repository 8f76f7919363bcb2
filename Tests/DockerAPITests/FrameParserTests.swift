import Testing

@testable import DockerAPI

@Suite struct FrameParserTests {
  private static func frame(_ type: UInt8, _ text: String) -> [UInt8] {
    let size = text.utf8.count
    return [
      type, 0, 0, 0, UInt8(size >> 24 & 0xff), UInt8(size >> 16 & 0xff), UInt8(size >> 8 & 0xff),
      UInt8(size & 0xff),
    ]
      + Array(text.utf8)
  }

  private static let input =
    frame(1, "one\n") + frame(2, "oh") + frame(1, "") + frame(1, "two") + frame(2, "!\n")

  /// What each stream holds as a whole, and how many messages were begun.
  private static func read(_ pieces: [ArraySlice<UInt8>]) throws -> [String] {
    var parser = FrameParser()
    var texts = ["", ""]
    var begun = 0
    for piece in pieces {
      for chunk in try parser.add(piece) {
        texts[chunk.stream == .output ? 0 : 1] += String(decoding: chunk.bytes, as: UTF8.self)
        if chunk.beginsMessage { begun += 1 }
      }
    }
    try parser.finish()
    return texts + ["\(begun)"]
  }

  @Test("Reads every split alike") func readsEverySplitAlike() throws {
    let input = Self.input
    for first in 0...input.count {
      for second in first...input.count {
        let pieces = [input[..<first], input[first..<second], input[second...]]
        #expect(try Self.read(pieces) == ["one\ntwo", "oh!\n", "4"])
      }
    }
    #expect(try Self.read(input.indices.map { input[$0...$0] }) == ["one\ntwo", "oh!\n", "4"])
  }

  @Test("Says what the engine says went wrong") func saysWhatTheEngineSaysWentWrong() {
    #expect(throws: DockerError("the engine can't go on: disk full")) {
      try Self.read([(Self.frame(1, "x") + Self.frame(3, "disk full"))[...]])
    }
  }

  @Test("Bounds what the engine says") func boundsWhatTheEngineSays() {
    var parser = FrameParser()
    let error = #expect(throws: DockerError.self) {
      _ = try parser.add([3, 0, 0, 0, 0, 0x10, 0, 0] + [UInt8](repeating: 0x61, count: 0x100000))
    }
    #expect((error?.message.utf8.count ?? .max) < 70_000)
  }

  @Test(
    "Garbage is an error",
    arguments: [
      [4, 0, 0, 0, 0, 0, 0, 1], [1, 0, 0, 1, 0, 0, 0, 1], Array("HTTP/1.1 500".utf8),
      Array("plain text\n".utf8),
    ])
  func garbageIsAnError(_ bytes: [UInt8]) {
    #expect(throws: DockerError.self) { try Self.read([bytes[...]]) }
  }

  @Test("The middle of a message is no end", arguments: 1..<FrameParserTests.input.count)
  func theMiddleOfAMessageIsNoEnd(_ length: Int) throws {
    // The ends of messages are the only places to stop.
    let ends = [12, 22, 30, 41]
    if ends.contains(length) {
      _ = try Self.read([Self.input[..<length]])
    } else {
      #expect(throws: DockerError.self) { try Self.read([Self.input[..<length]]) }
    }
  }

  @Test("Any bytes end in pieces or an error") func anyBytesEndInPiecesOrAnError() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0...64, using: &random)).map { _ in
        Bool.random(using: &random)
          ? UInt8.random(in: 0...3, using: &random) : UInt8.random(in: 0...255, using: &random)
      }
      var parser = FrameParser()
      let size = (try? parser.add(bytes))?.reduce(0) { $0 + $1.bytes.count } ?? 0
      #expect(size <= bytes.count)
    }
  }
}
