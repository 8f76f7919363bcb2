import NIOCore
import Values

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// JSON as engines send and take it.
enum EngineJSON {
  static func encode(_ value: some Encodable) throws -> ByteBuffer {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return ByteBuffer(bytes: try encoder.encode(value))
  }

  static func decode<Value: Decodable>(_ type: Value.Type, from bytes: ByteBuffer) throws -> Value {
    try bytes.withUnsafeReadableBytes { try decode(type, from: $0) }
  }

  static func decode<Value: Decodable>(_ type: Value.Type, from bytes: some Sequence<UInt8>) throws -> Value {
    do {
      return try read(type, from: bytes)
    } catch {
      throw DockerError("the engine's answer makes no sense: \(reason(error))")
    }
  }

  /// Reads a value.
  ///
  /// - Throws: what ``reason(_:)`` has words for.
  static func read<Value: Decodable>(_ type: Value.Type, from bytes: some Sequence<UInt8>) throws -> Value {
    try Value(from: JSONDecoding(json: try JSON(parsing: bytes)))
  }

  /// What is wrong with JSON, and where.
  static func reason(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    let (context, what): (DecodingError.Context, String)
    switch error {
    case .keyNotFound(let key, let found): (context, what) = (found, "there is no \(key.stringValue)")
    case .typeMismatch(_, let found), .valueNotFound(_, let found), .dataCorrupted(let found):
      (context, what) = (found, found.debugDescription)
    @unknown default: return "\(error)"
    }
    let path = context.codingPath.map(\.stringValue).joined(separator: ".")
    return path.isEmpty ? what : "\(path): \(what)"
  }
}
