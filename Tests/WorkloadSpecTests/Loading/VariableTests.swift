import Testing
import WorkloadSpec

@Suite struct VariableTests {
  private func spec(_ declaration: String, image: String = "a:${var.tag}") -> String {
    """
    name: a
    variables:
      - \(declaration)
    services:
      - name: x
        image: \(image)
    """
  }

  @Test func valuesComeFromWhereTheyAreGiven() {
    let text = spec("{name: tag, default: d}")
    var options = LoadOptions()
    #expect(Loaded(text, options: options).workload?.main?.image == "a:d")
    options.environment = ["BERTH_VAR_tag": "e", "BERTH_VAR_other": "x"]
    #expect(Loaded(text, options: options).workload?.main?.image == "a:e")
    options.variables = ["tag": "v"]
    #expect(Loaded(text, options: options).workload?.main?.image == "a:v")
    #expect(Loaded(text, options: options).workload?.variables == [])
  }

  @Test(arguments: [
    ("{name: tag, type: int}", "12", true), ("{name: tag, type: int}", "-3", true),
    ("{name: tag, type: int}", "1.0", false), ("{name: tag, type: int}", "", false),
    ("{name: tag, type: int}", "99999999999999999999", false), ("{name: tag, type: bool}", "true", true),
    ("{name: tag, type: bool}", "yes", false), ("{name: tag, type: enum, values: [a, b]}", "b", true),
    ("{name: tag, type: enum, values: [a, b]}", "c", false),
    ("{name: tag, pattern: '[0-9.]+'}", "1.2", true), ("{name: tag, pattern: '[0-9.]+'}", "1.2-x", false),
  ])
  func valuesAreOfTheirType(declaration: String, value: String, isRight: Bool) {
    let loaded = Loaded(
      spec(declaration, image: "a:1\n    env: {V: '${var.tag}'}"),
      options: LoadOptions(variables: ["tag": value]))
    #expect(loaded.problems == (isRight ? [] : ["E0502 0:3:12"]), "\(loaded.messages)")
    if isRight { #expect(loaded.workload?.main?.env["V"] == value) }
  }

  @Test(arguments: [
    ("{name: tag, type: enum}", "E0505 0:3:23"),
    ("{name: tag, values: [a], default: a}", "E0505 0:3:25"),
    ("{name: tag, default: a, required: true}", "E0505 0:3:26"),
    ("{name: tag, default: a, pattern: '['}", "E0505 0:3:38"),
    ("{name: tag, default: 1, type: int, pattern: '1'}", "E0505 0:3:49"),
    ("{name: tag, default: '${var.b}'}", "E0505 0:3:26"),
    ("{name: tag, default: x, type: int}", "E0502 0:3:26"),
    ("{name: tag, required: true}", "E0503 0:3:12"),
    ("{name: tag}", "E0503 0:3:12"),
    ("{name: other, default: a}", "E0501 0:6:12"),
    ("{name: tagg, default: a}", "E0501 0:6:12"),
    ("{name: tag, type: secret}", "E0504 0:6:12"),
  ])
  func whatIsWrongIsReportedOnce(declaration: String, problem: String) {
    let loaded = Loaded(spec(declaration))
    #expect(loaded.problems == [problem], "\(loaded.messages)")
  }

  @Test func unusedVariablesAreWarnedOf() {
    let loaded = Loaded(spec("{name: tag, default: a}", image: "a:1"))
    #expect(loaded.problems == ["W0501 0:3:12"])
    #expect(loaded.workload != nil)
  }

  @Test func aValueForNoVariableIsAnError() {
    let loaded = Loaded(
      spec("{name: tag, default: a}"), options: LoadOptions(variables: ["tga": "x"]))
    #expect(loaded.problems == ["E0506"])
    #expect(loaded.result.diagnostics.first?.help == "did you mean `tag`?")
  }

  @Test(arguments: [
    ("a:${var.tag", "E0504 0:6:12"), ("a:${tag}", "E0504 0:6:12"), ("a:${HOME}", "E0504 0:6:12"),
  ])
  func badReferencesAreReported(image: String, problem: String) {
    #expect(Loaded(spec("{name: tag, default: a}", image: image)).problems == [problem])
  }

  @Test func textsAreFilledInOnce() {
    let loaded = Loaded(
      spec(
        "{name: tag, default: '${HOME} $$'}",
        image: "a:1\n    env: {A: '${var.tag}', B: '$${var.tag}', C: '$5', D: '${root}/x', E: '$${root}'}"))
    #expect(loaded.problems == [])
    #expect(
      loaded.workload?.main?.env
        == ["A": "${HOME} $$", "B": "${var.tag}", "C": "$5", "D": "${root}/x", "E": "$${root}"])
  }

  // MARK: Secrets

  /// The value of an environment variable in which `${var.pw}` is a secret and `${var.tag}` is none.
  private func value(of text: String, tag: String = "t", given: [String: String] = [:]) -> Loaded {
    Loaded(
      """
      name: a
      variables: [{name: pw, type: secret, default: "env:PW"}, {name: tag, default: '\(tag)'}]
      services: [{name: main, command: [x, "${var.tag}"], env: {P: "${var.pw}", V: '\(text)'}}]
      """, options: LoadOptions(variables: given))
  }

  @Test(arguments: [
    ("x${var.pw}y", "x${secret.env:PW}y"),
    ("${var.pw}${var.pw}", "${secret.env:PW}${secret.env:PW}"),
    ("${secret.shop/db}", "${secret.shop/db}"),
    ("$${secret.shop/db}", "$${secret.shop/db}"),
    ("$${secret.", "$${secret."),
    ("$$${secret.a}", "$$${secret.a}"),
    ("$${var.pw}", "${var.pw}"),
    ("${root}/${var.pw}", "${root}/${secret.env:PW}"),
  ])
  func secretsStayReferences(text: String, snapshot: String) throws {
    let loaded = value(of: text)
    #expect(loaded.problems == [])
    #expect(loaded.workload?.main?.env["V"] == snapshot)
    // What is rendered is read as the same.
    let workload = try #require(loaded.workload)
    let rendered = SpecRendering.yaml([workload])
    let again = Loaded(rendered)
    #expect(again.workload == workload)
    #expect(SpecRendering.yaml(again.result.workloads.map(\.workload)) == rendered)
  }

  @Test func whatAVariableFillsInIsNeverASecret() {
    for (text, tag) in [("${var.tag}", "${secret.env:HOME}"), ("$${secret.x}${var.tag}", "$")] {
      let loaded = value(of: text, tag: tag)
      #expect(loaded.problems == [])
      #expect(SecretText(loaded.workload?.main?.env["V"] ?? "").keys == [])
    }
    // Nor do two that stand side by side add up to one.
    let loaded = value(of: "${var.tag}{secret.env:HOME}", tag: "$")
    #expect(SecretText(loaded.workload?.main?.env["V"] ?? "").keys == [])
    #expect(
      SecretText(loaded.workload?.main?.env["V"] ?? "").replacingSecrets(with: "!") == "${secret.env:HOME}")
  }

  @Test(arguments: [
    ("${secret.}", "E0315"), ("${secret.two words}", "E0315"), ("${secret.a", "E0504"),
    ("${secret.env:}", "E0315"), ("${secrets.a}", "E0504"),
  ])
  func whatIsNoReferenceIsRefused(text: String, code: String) {
    #expect(value(of: text).problems.map { String($0.prefix(5)) } == [code])
  }

  @Test func aDollarBeforeASecretIsRefused() {
    #expect(value(of: "${var.tag}${var.pw}", tag: "US$").problems == ["E0504 0:3:78"])
  }

  @Test func theReferenceIsGivenFromOutside() {
    let loaded = value(of: "${var.pw}", given: ["pw": "shop/db-password"])
    #expect(loaded.workload?.main?.env["V"] == "${secret.shop/db-password}")
  }

  @Test func aValueInThePlaceOfAReferenceIsNotRepeated() {
    let loaded = value(of: "x", given: ["pw": "hunter 2!"])
    #expect(loaded.problems.count == 1 && loaded.problems[0].hasPrefix("E0502"))
    #expect(!loaded.messages.contains { $0.contains("hunter") })
  }

  @Test func aVariableInALayerIsMerged() {
    let loaded = Loaded(
      spec("{name: tag, default: a}"), "name: a\nvariables: [{name: tag, default: b}]\n")
    #expect(loaded.problems == [])
    #expect(loaded.workload?.main?.image == "a:b")
  }
}
