import Foundation
import ProviderContract

/// How much is compared: a sample, or what `make compare-compose` asks for.
enum ComparisonSettings {
  private static let environment = ProcessInfo.processInfo.environment

  /// How many environment files are made up.
  static let environmentFiles = environment["BERTH_TEST_COMPOSE_ENV_FILES"].flatMap { Int($0) } ?? 200
  /// How many compose files are made up.
  static let composeFiles = environment["BERTH_TEST_COMPOSE_FILES"].flatMap { Int($0) } ?? 40
  /// What all of them are made from.
  static let seed = environment["BERTH_TEST_COMPOSE_SEED"].flatMap { UInt64($0) } ?? 1

  /// The random numbers of one of them.
  static func numbers(for index: Int) -> SplitMix64 { SplitMix64(state: seed &* 1_000_003 &+ UInt64(index)) }

  /// Runs something in a folder of its own, which is taken away.
  static func withFolder<T>(_ body: (String) throws -> T) throws -> T {
    let folder = NSTemporaryDirectory() + "berth-compose-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
  }
}
