import ComposeImport
import Testing

/// Values that look like secrets never leave the files that nobody commits.
@Suite struct SecretTests {
  @Test("Planted secrets are not copied", arguments: ImportCase.all)
  func plantedSecretsAreNotCopied(_ item: ImportCase) {
    let result = item.run()
    for planted in ["hunter2", "hunter3", "planted"] {
      #expect(!result.text.contains(planted))
      #expect(
        !result.diagnostics.contains { $0.message.contains(planted) || $0.help?.contains(planted) == true })
    }
  }
}
