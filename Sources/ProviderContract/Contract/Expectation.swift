/// Something that a contract asks for and that was not so.
public struct ContractViolation: Error, Sendable, CustomStringConvertible {
  /// What was expected, and what was found instead.
  public let description: String
  /// The line of the contract's source that says so.
  public let line: Int

  init(_ description: String, line: Int) {
    self.description = "\(description) (contract line \(line))"
    self.line = line
  }
}

/// Checks that something is so.
func expect(_ isSo: Bool, _ what: @autoclosure () -> String, line: Int = #line) throws {
  guard isSo else { throw ContractViolation("expected \(what())", line: line) }
}

/// Checks that two values are the same.
func expect<Value: Equatable>(
  _ found: Value, is expected: Value, _ what: @autoclosure () -> String, line: Int = #line
) throws {
  guard found == expected else {
    throw ContractViolation("expected \(what()) to be \(expected), found \(found)", line: line)
  }
}

/// Checks that something is there, and returns it.
func require<Value>(_ found: Value?, _ what: @autoclosure () -> String, line: Int = #line) throws -> Value {
  guard let found else { throw ContractViolation("expected \(what()), found nothing", line: line) }
  return found
}

/// Checks that something throws an error of a type, and returns it.
@discardableResult
func expectError<Failure: Error, Result>(
  _ type: Failure.Type, _ what: @autoclosure () -> String, line: Int = #line,
  _ body: () async throws -> Result
) async throws -> Failure {
  do {
    _ = try await body()
  } catch let error as Failure {
    return error
  } catch {
    throw ContractViolation("expected \(what()) to throw \(type), it threw \(error)", line: line)
  }
  throw ContractViolation("expected \(what()) to throw \(type), it succeeded", line: line)
}
