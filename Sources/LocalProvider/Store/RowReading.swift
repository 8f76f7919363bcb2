import GRDB
import ProviderKit

extension Row {
  /// The value of a column.
  ///
  /// GRDB's own subscript ends the program over a value of an unexpected type, and a damaged file can hold one.
  ///
  /// - Throws: ``ProviderKit/StoreError`` if there is no such value.
  func value<Result: DatabaseValueConvertible>(_ column: String) throws -> Result {
    guard let result: Result = try optional(column) else { throw Self.damage(column) }
    return result
  }

  /// The value of a column that may hold none.
  ///
  /// - Throws: ``ProviderKit/StoreError`` if the value is of another type.
  func optional<Result: DatabaseValueConvertible>(_ column: String) throws -> Result? {
    let value: DatabaseValue = self[column]
    if value.isNull { return nil }
    guard let result = Result.fromDatabaseValue(value) else { throw Self.damage(column) }
    return result
  }

  /// What a text of a column stands for.
  ///
  /// - Throws: ``ProviderKit/StoreError`` if it stands for nothing.
  func value<Result>(_ column: String, _ make: (String) -> Result?) throws -> Result {
    guard let result = make(try value(column)) else { throw Self.damage(column) }
    return result
  }

  private static func damage(_ column: String) -> StoreError {
    StoreError(
      "the release store is damaged: the column `\(column)` holds something unexpected",
      help: "put a copy of the store's file back, or move it away to start with an empty history")
  }
}
