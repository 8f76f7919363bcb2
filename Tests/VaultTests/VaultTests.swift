import Diagnostics
import Foundation
import Secrets
import Testing
import Values
import Vault

@Suite final class VaultTests {
  let folder: String
  let moment = Timestamp(milliseconds: 1_795_229_220_000)

  init() throws {
    folder = NSTemporaryDirectory() + "/berth-vault-" + UUID().uuidString
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private var vault: Vault { Vault(folder: folder) }
  private var path: String { folder + "/vault.json" }
  private var keyPath: String { folder + "/key" }

  private func name(_ key: String, _ namespace: String = "default") -> VaultEntry.Name {
    VaultEntry.Name(namespace: namespace, key: key)
  }

  private func value(_ text: String) -> SecretValue { SecretValue(bytes: Array(text.utf8)) }

  private func bytes(_ path: String) throws -> [UInt8] {
    Array(try #require(FileManager.default.contents(atPath: path)))
  }

  private func write(_ bytes: some Sequence<UInt8>, _ path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    chmod(path, 0o600)
  }

  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? Int)
  }

  private func code(_ body: () throws -> Void) -> DiagnosticCode? {
    do {
      try body()
      return nil
    } catch let error as DiagnosticError {
      return error.diagnostics.first?.code
    } catch {
      return .invalidYAML
    }
  }

  // MARK: What it is for

  @Test("Values come back byte by byte") func valuesComeBackByteByByte() throws {
    let all = (0..<1024).map { UInt8(truncatingIfNeeded: $0) }
    try vault.set(SecretValue(bytes: all), for: name("all"), at: moment)
    try vault.set(value("one"), for: name("a/b"), at: moment)
    try vault.set(
      SecretValue(bytes: [UInt8](repeating: 7, count: Vault.maximumValueSize)), for: name("large"), at: moment
    )
    #expect(try vault.value(of: name("all"))?.bytes == all)
    #expect(try vault.value(of: name("a/b"))?.bytes == Array("one".utf8))
    #expect(try vault.value(of: name("large"))?.bytes.count == Vault.maximumValueSize)
    #expect(try vault.value(of: name("missing")) == nil)
  }

  @Test("A later value takes the place of an earlier one") func aLaterValueTakesThePlaceOfAnEarlierOne()
    throws
  {
    try vault.set(value("one"), for: name("k"), at: moment)
    try vault.set(value("two"), for: name("k"), at: moment + .seconds(1))
    #expect(try vault.value(of: name("k"))?.bytes == Array("two".utf8))
    let entries = try vault.entries(in: "default")
    #expect(entries.map(\.name) == [name("k")])
    #expect(entries.map(\.version) == [2])
    #expect(entries.map(\.setAt) == [moment + .seconds(1)])
    #expect(try vault.remove(name("k")))
    #expect(try !vault.remove(name("k")))
    #expect(try vault.value(of: name("k")) == nil)
  }

  @Test("Namespaces are apart") func namespacesAreApart() throws {
    try vault.set(value("here"), for: name("k", "here"), at: moment)
    try vault.set(value("there"), for: name("k", "there"), at: moment)
    #expect(try vault.value(of: name("k", "here"))?.bytes == Array("here".utf8))
    #expect(try vault.value(of: name("k")) == nil)
    #expect(try vault.entries(in: "there").map(\.name) == [name("k", "there")])
    #expect(try vault.remove(name("k", "here")))
    #expect(try vault.value(of: name("k", "there"))?.bytes == Array("there".utf8))
  }

  @Test("Reading makes nothing") func readingMakesNothing() throws {
    #expect(try vault.value(of: name("k")) == nil)
    #expect(try vault.entries(in: "default").isEmpty)
    #expect(try !vault.exists)
    #expect(try !vault.remove(name("k")))
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  @Test("It is its owners alone") func itIsItsOwnersAlone() throws {
    try vault.set(value("planted-value"), for: name("k"), at: moment)
    #expect(try mode(folder) == 0o700)
    #expect(try mode(path) == 0o600)
    #expect(try mode(keyPath) == 0o600)
    for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
      let text = String(decoding: try bytes(folder + "/" + file), as: UTF8.self)
      #expect(!text.contains("planted-value"), "\(file)")
    }
    #expect(Base64.decode(String(decoding: try bytes(keyPath).dropLast(), as: UTF8.self))?.count == 32)
  }

  @Test("What cannot be a value is refused") func whatCanNotBeAValueIsRefused() throws {
    #expect(code { try vault.set(value(""), for: name("k"), at: moment) } == .badSecretInput)
    let large = SecretValue(bytes: [UInt8](repeating: 0, count: Vault.maximumValueSize + 1))
    #expect(code { try vault.set(large, for: name("k"), at: moment) } == .badSecretInput)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  // MARK: Keys

  @Test("The key can be given") func theKeyCanBeGiven() throws {
    let key = Base64.encode([UInt8](repeating: 9, count: 32))
    let given = Vault(folder: folder, givenKey: key)
    try given.set(value("one"), for: name("k"), at: moment)
    #expect(!FileManager.default.fileExists(atPath: keyPath))
    #expect(try given.value(of: name("k"))?.bytes == Array("one".utf8))
    // Without it there is none, and none is made.
    #expect(code { _ = try vault.value(of: name("k")) } == .badVaultKey)
    #expect(code { try vault.set(value("two"), for: name("k"), at: moment) } == .badVaultKey)
    #expect(!FileManager.default.fileExists(atPath: keyPath))
    try write(Array("\(key)\n".utf8), keyPath)
    #expect(try vault.value(of: name("k"))?.bytes == Array("one".utf8))
  }

  @Test(
    "What is no key is refused and not repeated",
    arguments: ["hunter2", "AAAA", String(repeating: "A", count: 44), "\u{0}"])
  func whatIsNoKeyIsRefusedAndNotRepeated(_ text: String) throws {
    let wrong = Vault(folder: folder, givenKey: text)
    let error = #expect(throws: DiagnosticError.self) {
      try wrong.set(value("x"), for: name("k"), at: moment)
    }
    #expect(error?.diagnostics.map(\.code) == [.badVaultKey])
    #expect(error?.diagnostics.contains { $0.message.contains("hunter2") } == false)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("Another key opens nothing and overwrites nothing") func anotherKeyOpensNothingAndOverwritesNothing()
    throws
  {
    try vault.set(value("one"), for: name("k"), at: moment)
    let before = try bytes(path)
    let wrong = Vault(folder: folder, givenKey: Base64.encode([UInt8](repeating: 1, count: 32)))
    #expect(code { _ = try wrong.value(of: name("k")) } == .vaultUnusable)
    #expect(code { _ = try wrong.entries(in: "default") } == .vaultUnusable)
    #expect(code { try wrong.set(value("x"), for: name("k"), at: moment) } == .vaultUnusable)
    #expect(code { _ = try wrong.remove(name("k")) } == .vaultUnusable)
    #expect(try bytes(path) == before)
  }

  // MARK: Damage

  @Test("Every changed byte is noticed") func everyChangedByteIsNoticed() throws {
    try vault.set(value("one"), for: name("a"), at: moment)
    try vault.set(value("two"), for: name("b"), at: moment)
    let good = try bytes(path)
    for index in good.indices {
      var bad = good
      bad[index] ^= 1
      try write(bad, path)
      #expect(code { _ = try vault.value(of: name("a")) } == .vaultUnusable, "byte \(index)")
    }
    try write(good, path)
    #expect(try vault.value(of: name("a"))?.bytes == Array("one".utf8))
  }

  @Test("Every torn file is noticed and kept") func everyTornFileIsNoticedAndKept() throws {
    try vault.set(value("one"), for: name("a"), at: moment)
    let good = try bytes(path)
    for count in good.indices {
      try write(good.prefix(count), path)
      #expect(code { _ = try vault.entries(in: "default") } == .vaultUnusable, "\(count) bytes")
    }
    #expect(code { try vault.set(value("x"), for: name("a"), at: moment) } == .vaultUnusable)
    #expect(try bytes(path) == good.dropLast())
  }

  @Test("Entries cannot be taken from an earlier vault") func entriesCanNotBeTakenFromAnEarlierVault() throws
  {
    try vault.set(value("old"), for: name("k"), at: moment)
    let old = try Value(json: String(decoding: bytes(path), as: UTF8.self))
    try vault.set(value("new"), for: name("k"), at: moment)
    let new = try Value(json: String(decoding: bytes(path), as: UTF8.self))
    let mixed: Value = .map(
      (new.members ?? []).map { $0.key == "entries" ? .init("entries", old["entries"] ?? .null) : $0 })
    try write(Array(CanonicalJSON.pretty(mixed).utf8), path)
    #expect(code { _ = try vault.value(of: name("k")) } == .vaultUnusable)
  }

  @Test("A later format is named as that") func aLaterFormatIsNamedAsThat() throws {
    try vault.set(value("one"), for: name("k"), at: moment)
    let text = String(decoding: try bytes(path), as: UTF8.self)
    try write(Array(text.replacing("\"format\": 1", with: "\"format\": 2").utf8), path)
    let error = #expect(throws: DiagnosticError.self) { try vault.entries(in: "default") }
    #expect(error?.diagnostics.first?.message.contains("format 2") == true)
  }

  @Test("What a killed writer left is no hindrance") func whatAKilledWriterLeftIsNoHindrance() throws {
    try vault.set(value("one"), for: name("k"), at: moment)
    try write(Array("half".utf8), path + ".new")
    chmod(path + ".new", 0o644)
    #expect(try vault.value(of: name("k"))?.bytes == Array("one".utf8))
    try vault.set(value("two"), for: name("k"), at: moment)
    #expect(try mode(path) == 0o600)
    #expect(try vault.value(of: name("k"))?.bytes == Array("two".utf8))
  }

  // MARK: Others

  @Test(
    "A vault or key that other users can read or write is not used", arguments: [0o640, 0o604, 0o660, 0o602])
  func whatOthersCanGetAtIsNotUsed(_ mode: Int) throws {
    try vault.set(value("one"), for: name("k"), at: moment)
    for file in [path, keyPath] {
      chmod(file, mode_t(mode))
      #expect(code { _ = try vault.value(of: name("k")) } == .vaultExposed)
      #expect(code { try vault.set(value("x"), for: name("k"), at: moment) } == .vaultExposed)
      chmod(file, 0o600)
    }
    chmod(folder, mode_t(mode) | 0o100)
    #expect(code { try vault.set(value("x"), for: name("k"), at: moment) } == .vaultExposed)
    chmod(folder, 0o700)
    #expect(try vault.value(of: name("k"))?.bytes == Array("one".utf8))
  }

  @Test(
    "A key that belongs to another user is not used",
    .enabled(if: geteuid() == 0, "only the superuser can give files away"))
  func whatBelongsToSomebodyElseIsNotUsed() throws {
    try vault.set(value("one"), for: name("k"), at: moment)
    chown(keyPath, 65_534, 65_534)
    #expect(code { _ = try vault.value(of: name("k")) } == .vaultExposed)
  }

  @Test("Many writers at once lose nothing") func manyWritersAtOnceLoseNothing() async throws {
    let (folder, moment) = (folder, moment)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask {
          for index in 0..<10 {
            try Vault(folder: folder).set(
              SecretValue(bytes: [UInt8(writer), UInt8(index)]),
              for: VaultEntry.Name(namespace: "default", key: "k\(writer)-\(index)"), at: moment)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try vault.entries(in: "default").count == 80)
    #expect(try vault.value(of: name("k3-4"))?.bytes == [3, 4])
  }

  // MARK: As a source

  @Test("A missing key is certain where there is a vault") func aMissingKeyIsCertainWhereThereIsAVault()
    async throws
  {
    let secrets = VaultSecrets(vault)
    let none = await #expect(throws: SecretError.self) {
      try await secrets.value(of: "shop/db", in: "default")
    }
    #expect(none?.isCertain == false)
    try vault.set(value("one"), for: name("shop/db"), at: moment)
    #expect(try await secrets.value(of: "shop/db", in: "default")?.bytes == Array("one".utf8))
    let near = await #expect(throws: SecretError.self) {
      try await secrets.value(of: "shop/dv", in: "default")
    }
    #expect(near?.isCertain == true)
    #expect(near?.help == "did you mean `shop/db`?")
    let other = await #expect(throws: SecretError.self) { try await secrets.value(of: "shop/db", in: "prod") }
    #expect(other?.help == "`berth secret set shop/db -n prod` puts it in")
    #expect(try await secrets.value(of: "env:PATH", in: "default") == nil)
  }
}
