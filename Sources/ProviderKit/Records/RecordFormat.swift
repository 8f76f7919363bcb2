import Values

/// The format of what stores write down. A record holds its version under `format`, and under `berth` the version of the
/// berth that wrote it; records of 0.1 hold neither.
package enum RecordFormat {
  /// The newest version that this berth reads. With 2, what is large of a record that berth 0.1 kept whole stands elsewhere.
  package static let version = 2

  /// What every record holds.
  package static let stamp = stamp(1)

  /// What a record holds instead that is an ``Outline`` where berth 0.1 has it whole.
  package static let stampOfOutlines = stamp(2)

  private static func stamp(_ version: Int) -> [Value.Member] {
    [.init("format", Value(version)), .init("berth", .string(BerthVersion.text))]
  }

  /// Refuses a record that a newer berth wrote.
  ///
  /// - Parameter what: which record it is: `the record of run 7`.
  package static func check(_ json: Value, _ what: @autoclosure () -> String) throws(StoreError) {
    guard let format = json["format"]?.int, format > version else { return }
    throw newer(what(), writer: json["berth"]?.string, format: Int(format))
  }

  /// The error that says that a newer berth wrote something.
  ///
  /// - Parameter writer: its version, where that is known.
  package static func newer(_ what: String, writer: String?, format: Int? = nil) -> StoreError {
    // One that does not know its own records tells nothing by its version.
    let writer = writer == BerthVersion.text ? nil : writer
    let by = writer.map { "berth \($0)" } ?? "a newer version of berth"
    let format = format.map { ", in format \($0)" } ?? ""
    return StoreError(
      "\(what) was written by \(by)\(format), and this is berth \(BerthVersion.text), which can't read it",
      help: "update this berth\(writer.map { " to \($0) or later" } ?? ""); nothing was changed",
      code: .newerRecord)
  }
}
