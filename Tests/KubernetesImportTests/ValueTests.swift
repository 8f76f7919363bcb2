import Testing
import WorkloadSpec

@testable import KubernetesImport

/// Amounts and variables as Kubernetes reads them.
@Suite struct ValueTests {
  @Test(
    "Amounts are read",
    arguments: [
      ("1", 1000), ("0.5", 500), ("500m", 500), ("1.5k", 1_500_000), ("1e3", 1_000_000), ("2E1", 20_000),
      ("128Mi", (128 << 20) * 1000), ("1Ki", 1_024_000), ("100u", 1), ("1n", 1), ("0", 0), (".5", 500),
      ("5.", 5000),
      ("1e-3", 1), ("1500000u", 1500),
    ])
  func amountsAreRead(_ text: String, _ thousandths: Int) {
    #expect(KubernetesQuantity.thousandths(text) == Int64(thousandths))
  }

  @Test(
    "What is no amount is not read",
    arguments: [
      "", "m", "-1", "+1", "1 Gi", "1GiB", "0x1", "1.2.3", "1e99", "1e", "99999999999999999999999", "8Ei",
      "١",
    ])
  func whatIsNoAmountIsNotRead(_ text: String) {
    #expect(KubernetesQuantity.thousandths(text) == nil)
  }

  @Test("Amounts in whole units are rounded up") func amountsInWholeUnitsAreRoundedUp() {
    #expect(KubernetesQuantity.whole("1m") == 1)
    #expect(KubernetesQuantity.whole("1.5Gi") == 1_610_612_736)
  }

  private static let variables: [String: VariableExpansion.Variable] = [
    "A": .text("a"), "KEY": .secret("db/password"), "LATER": .unknown,
    "URL": .text("x://${secret.db/password}@h"),
    "ROOT": .text("$${root}"),
  ]

  @Test(
    "Variables are filled in",
    arguments: [
      ("$(A)", "a"), ("$$(A)", "$(A)"), ("$$$(A)", "$a"), ("$(B)", "$(B)"), ("$A ${A} $", "$A ${A} $"),
      ("$(A", "$(A"),
      ("$()", "$()"), ("$(KEY)!", "${secret.db/password}!"), ("$(URL)/x", "x://${secret.db/password}@h/x"),
      ("${root}${secret.x}", "$${root}$${secret.x}"), ("$(ROOT)", "$${root}"),
    ])
  func variablesAreFilledIn(_ text: String, _ expected: String) {
    let filled = VariableExpansion(text, Self.variables, takesSecrets: true)
    #expect(filled.text == expected)
    #expect(filled.open == [])
  }

  @Test(
    "What a text cant hold stays", arguments: [("$(KEY)", "KEY"), ("$(LATER)", "LATER"), ("$(URL)", "URL")])
  func whatATextCantHoldStays(_ text: String, _ name: String) {
    let filled = VariableExpansion(text, Self.variables, takesSecrets: false)
    #expect(filled.text == text)
    #expect(filled.open == [name])
  }

  /// A `$` right before a secret would make it none.
  @Test("A secret behind a dollar stays") func aSecretBehindADollarStays() {
    #expect(VariableExpansion("$$$(KEY)", Self.variables, takesSecrets: true).open == ["KEY"])
  }
}
