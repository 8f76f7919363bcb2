/// A place in a source file.
public struct SourceLocation: Sendable {
  /// The file that the place is in.
  public let file: SourceFile
  /// Counted from 1.
  public let line: Int
  /// Counted from 1, in Unicode scalars.
  public let column: Int
  /// How many Unicode scalars of the line are meant.
  public let length: Int

  /// A span of one line.
  public init(file: SourceFile, line: Int, column: Int, length: Int = 1) {
    self.file = file
    self.line = line
    self.column = column
    self.length = length
  }
}
