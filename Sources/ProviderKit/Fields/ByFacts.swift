import Synchronization

/// Tables that are made once for the same facts: there are few facts in the life of a program, and a table is asked for
/// with each service that is planned.
public final class ByFacts<Table: Sendable>: Sendable {
  private let make: @Sendable (EngineFacts) -> Table
  private let tables = Mutex<[EngineFacts: Table]>([:])

  /// Tables that a function makes.
  public init(_ make: @escaping @Sendable (EngineFacts) -> Table) { self.make = make }

  /// The table for some facts.
  public subscript(facts: EngineFacts) -> Table {
    tables.withLock { tables in
      if let table = tables[facts] { return table }
      let table = make(facts)
      tables[facts] = table
      return table
    }
  }
}
