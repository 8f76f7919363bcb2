import Crypto
import Diagnostics
import GRDB
import Planning
import ProviderKit
import Values
import WorkloadSpec

/// A release as a row of the table `releases`.
enum ReleaseRow {
  /// How a snapshot is written: whole, as berth 0.1 does, or as an ``ProviderKit/Outline`` of which what is large stands
  /// in the table `contents`.
  private enum Form: Int {
    case whole = 1
    case outline = 2
  }

  static func release(_ row: Row, from database: Database) throws -> Release {
    let number: Int = try row.value("number")
    let key = WorkloadKey(namespace: try row.value("namespace"), name: try row.value("workload"))
    let name = "release \(number) of \(key)"
    let run: String = try row.value("run")
    return Release(
      number: number, key: key, snapshot: try snapshot(row, name: name, from: database),
      recordedAt: Timestamp(milliseconds: try row.value("recordedAt")), by: try row.value("recordedBy"),
      run: RunID(run),
      provenance: try provenance(try row.value("provenance"), name: name),
      restoredFrom: try row.optional("restoredFrom"), setName: try row.optional("setName"),
      policyOverride: try OverrideRow.fetch(run, from: database))
  }

  static func insert(_ release: Release, into database: Database) throws {
    var contents: [ContentDigest: [UInt8]] = [:]
    let outline = release.snapshot.map { snapshot in
      Outline<ContentDigest>.split(snapshot.plain, .textsAlone) { content in
        let reference = ContentDigest(of: content)
        contents[reference] = content
        return reference
      }
    }
    for (reference, content) in contents {
      try ContentRow.insert(content, as: reference, of: release, into: database)
    }
    let form: Form = outline?.blobs.isEmpty ?? true ? .whole : .outline
    let snapshot =
      form == .whole ? release.snapshot?.json : outline.map { CanonicalJSON.compact($0.json) }
    try database.execute(
      sql: """
        INSERT INTO releases
          (namespace, workload, number, snapshot, snapshotVersion, snapshotChecksum, recordedAt, recordedBy, run,
           provenance, restoredFrom, setName)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        release.key.namespace, release.key.name, release.number, snapshot, form.rawValue,
        snapshot.map(checksum), release.recordedAt.milliseconds, release.by, release.run.description,
        CanonicalJSON.compact(ProvenanceJSON.write(release.provenance)), release.restoredFrom,
        release.setName,
      ])
  }

  private static func provenance(_ text: String, name: String) throws -> [String: Provenance] {
    do {
      guard let json = try? Value(json: text), json.members != nil else {
        throw ProviderKit.MalformedRecord("where it comes from")
      }
      return try ProvenanceJSON.read(json)
    } catch let error as ProviderKit.MalformedRecord {
      throw StoreError(
        "\(name) is damaged: \(error.part) can't be read", help: "put a copy of the store's file back")
    }
  }

  private static func snapshot(_ row: Row, name: String, from database: Database) throws -> Workload? {
    guard let text: String = try row.optional("snapshot") else { return nil }
    let version: Int = try row.value("snapshotVersion")
    guard let form = Form(rawValue: version) else {
      throw RecordFormat.newer(name, writer: nil, format: version)
    }
    guard try row.value("snapshotChecksum") == checksum(text) else {
      throw StoreError(
        "\(name) is damaged: its checksum does not fit", help: "put a copy of the store's file back")
    }
    do {
      if form == .whole { return try Workload(json: text, name: name) }
      let moved = try Outline<ContentDigest>.Moved(json: try Value(json: text))
      let contents = try moved.blobs.map { try ContentRow.fetch($0, of: name, from: database) }
      return try Workload(json: CanonicalJSON.compact(try moved.value(with: contents)), name: name)
    } catch let error as DiagnosticError {
      throw StoreError("\(name) can't be read: \(error.diagnostics.first?.message ?? "no reason is known")")
    } catch  where error is ProviderKit.MalformedRecord || error is JSONFailure {
      throw StoreError("\(name) is damaged: it makes no sense", help: "put a copy of the store's file back")
    }
  }

  /// SHA-256, in hexadecimal digits.
  private static func checksum(_ text: String) -> String {
    Hex.lower(SHA256.hash(data: Array(text.utf8)))
  }
}
