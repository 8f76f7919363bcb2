import Diagnostics
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

  @Test("Values come from where they are given") func valuesComeFromWhereTheyAreGiven() {
    let text = spec("{name: tag, default: d}")
    var options = LoadOptions()
    #expect(Loaded(text, options: options).workload?.main?.image == "a:d")
    options.environment = ["BERTH_VAR_tag": "e", "BERTH_VAR_other": "x"]
    #expect(Loaded(text, options: options).workload?.main?.image == "a:e")
    options.variables = ["tag": "v"]
    #expect(Loaded(text, options: options).workload?.main?.image == "a:v")
    #expect(Loaded(text, options: options).workload?.variables == [])
  }

  @Test(
    "Values are of their type",
    arguments: [
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

  @Test(
    "What is wrong is reported once",
    arguments: [
      ("{name: tag, type: enum}", "E0505 0:3:23"),
      ("{name: tag, values: [a], default: a}", "E0505 0:3:25"),
      ("{name: tag, default: a, required: true}", "E0505 0:3:26"),
      ("{name: tag, default: a, pattern: '['}", "E0505 0:3:38"),
      ("{name: tag, default: 1, type: int, pattern: '1'}", "E0505 0:3:49"),
      ("{name: tag, default: '${var.b}'}", "E0501 0:3:26"),
      ("{name: tag, default: '${var.tag}-1'}", "E0507 0:3:26"),
      ("{name: tag, default: '${workload.name}', type: int}", "E0502 0:3:26"),
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

  @Test("Unused variables are warned of") func unusedVariablesAreWarnedOf() {
    let loaded = Loaded(spec("{name: tag, default: a}", image: "a:1"))
    #expect(loaded.problems == ["W0501 0:3:12"])
    #expect(loaded.workload != nil)
  }

  @Test("A value for no variable is an error") func aValueForNoVariableIsAnError() {
    let loaded = Loaded(
      spec("{name: tag, default: a}"), options: LoadOptions(variables: ["tga": "x"]))
    #expect(loaded.problems == ["E0506"])
    #expect(loaded.result.diagnostics.first?.help == "did you mean `tag`?")
  }

  @Test(
    "Bad references are reported",
    arguments: [
      ("a:${var.tag", "E0504 0:6:12"), ("a:${tag}", "E0504 0:6:12"), ("a:${HOME}", "E0504 0:6:12"),
    ])
  func badReferencesAreReported(image: String, problem: String) {
    #expect(Loaded(spec("{name: tag, default: a}", image: image)).problems == [problem])
  }

  @Test("Texts are filled in once") func textsAreFilledInOnce() {
    let loaded = Loaded(
      spec(
        "{name: tag, default: '${HOME} $$'}",
        image: "a:1\n    env: {A: '${var.tag}', B: '$${var.tag}', C: '$5', D: '${root}/x', E: '$${root}'}"))
    #expect(loaded.problems == [])
    #expect(
      loaded.workload?.main?.env
        == ["A": "${HOME} $$", "B": "${var.tag}", "C": "$5", "D": "${root}/x", "E": "$${root}"])
  }

  // MARK: Computed defaults

  /// Reads declarations and what `${var.a}` is with them.
  private func computed(
    _ declarations: String, name: String = "shop", given: [String: String] = [:], text: String = "${var.a}"
  ) -> Loaded {
    Loaded(
      """
      name: \(name)
      variables: [\(declarations)]
      services: [{name: main, command: [x], env: {V: '\(text)'}}]
      """,
      options: LoadOptions(
        variables: given, destination: { LoadOptions.Destination(target: "prod", namespace: "team") }))
  }

  @Test(
    "Defaults are computed",
    arguments: [
      (
        "{name: a, default: '${var.b}.${var.c}'}, {name: b, default: x}, {name: c, default: '${var.b}'}",
        "x.x"
      ),
      ("{name: a, default: '${workload.name}.${namespace}.${target}'}", "shop.team.prod"),
      ("{name: a, default: '${var.b}0', type: int}, {name: b, default: 2, type: int}", "20"),
      ("{name: a, default: '${target}', type: enum, values: [staging, prod]}", "prod"),
      ("{name: a, default: '$${var.b} ${var.b}'}, {name: b, default: x}", "${var.b} x"),
      ("{name: a, default: '${root}/x $${root}'}", "${root}/x $${root}"),
      (
        "{name: a, default: '${HOME} $${HOME} ${namespaces} ${x ${'}", "${HOME} $${HOME} ${namespaces} ${x ${"
      ),
      ("{name: a, default: 'db/${namespace}', type: secret}", "${secret.db/team}"),
      ("{name: a, default: '${var.b}', pattern: '[a-z]+'}, {name: b, default: x}", "x"),
    ])
  func defaultsAreComputed(declarations: String, value: String) {
    let loaded = computed(declarations)
    #expect(loaded.problems == [], "\(loaded.messages)")
    #expect(loaded.workload?.main?.env["V"] == value)
  }

  @Test("What is given goes into the defaults that refer to it")
  func whatIsGivenGoesIntoTheDefaultsThatReferToIt() {
    let pair = "{name: a, default: 'v${var.b}'}, {name: b, default: 1}"
    #expect(computed(pair, given: ["b": "2"]).workload?.main?.env["V"] == "v2")
    // What the default of a variable needs is not asked for where that variable is given.
    let missing = "{name: a, default: '${var.b}'}, {name: b}"
    let loaded = computed(missing, given: ["a": "3"])
    #expect(loaded.problems == [] && loaded.workload?.main?.env["V"] == "3")
    // A value that is given is a text as it is.
    #expect(computed(pair, given: ["a": "${var.b}"]).workload?.main?.env["V"] == "${var.b}")
  }

  @Test(
    "What a default cannot refer to is reported",
    arguments: [
      (
        "{name: a, default: '${var.b}'}, {name: b, default: '${var.c}'}, {name: c, default: '${var.a}'}",
        ["E0507 0:2:32"]
      ),
      ("{name: a, default: '${var.b}'}, {name: b, default: '${var.b}'}", ["E0507 0:2:64"]),
      ("{name: a, default: '${var.b}'}, {name: b, default: '${var.c}'}, {name: c}", ["E0503 0:2:84"]),
      ("{name: a, default: '${var.b}'}, {name: b, required: true}", ["E0503 0:2:52"]),
      ("{name: a, default: '${var.b}'}, {name: b, type: secret, default: 'env:B'}", ["E0504 0:2:32"]),
      ("{name: a, default: '${var.b}', type: int}, {name: b, default: x}", ["E0502 0:2:32"]),
      ("{name: a, default: '${var.bb}'}, {name: b, default: x}", ["E0501 0:2:32"]),
      ("{name: a, default: '${workload.nme}'}", ["E0504 0:2:32"]),
      ("{name: a, default: x}, {name: b, default: '${var.c}'}, {name: c, default: x}", ["W0501 0:2:43"]),
    ])
  func whatADefaultCanNotReferToIsReported(declarations: String, problems: [String]) {
    let loaded = computed(declarations)
    #expect(loaded.problems == problems, "\(loaded.messages)")
  }

  @Test("A cycle is printed") func aCycleIsPrinted() {
    let loaded = computed("{name: a, default: '${var.b}'}, {name: b, default: '${var.a}'}")
    #expect(loaded.result.diagnostics.first?.message.contains("a → b → a") == true)
  }

  @Test("A name that refers to variables is not referred to") func aNameThatRefersToVariablesIsNotReferredTo()
  {
    let loaded = computed("{name: a, default: '${workload.name}'}, {name: b, default: x}", name: "n-${var.b}")
    #expect(loaded.problems == ["E0505 0:2:32"], "\(loaded.messages)")
  }

  @Test("Where workloads are for is asked only if a default says so")
  func whereWorkloadsAreForIsAskedOnlyIfADefaultSaysSo() {
    let failing = LoadOptions(destination: { () throws(DiagnosticError) in
      throw DiagnosticError(Diagnostic(.badConfiguration, "no such target"))
    })
    #expect(Loaded(spec("{name: tag, default: a}"), options: failing).problems == [])
    let loaded = Loaded(spec("{name: tag, default: '${target}${namespace}'}"), options: failing)
    #expect(loaded.problems.map { $0.prefix(5) } == ["E0711"], "\(loaded.messages)")
    // These names stand in defaults only: what a workload depends on is declared.
    let elsewhere = Loaded(spec("{name: tag, default: a}", image: "a:${var.tag}-${target}"))
    #expect(elsewhere.problems == ["E0504 0:6:12"])
    #expect(elsewhere.result.diagnostics.first?.help?.contains("default of a variable") == true)
  }

  @Test("Chains of defaults are followed far and not without end")
  func chainsOfDefaultsAreFollowedFarAndNotWithoutEnd() {
    let chain =
      (0..<999).map { "{name: v\($0), default: '${var.v\($0 + 1)}'}" } + ["{name: v999, default: end}"]
    #expect(
      computed(chain.joined(separator: ", "), text: "${var.v0}").workload?.main?.env["V"] == "end")
    let doubling =
      (0..<60).map { "{name: v\($0), default: '${var.v\($0 + 1)}${var.v\($0 + 1)}'}" } + [
        "{name: v60, default: x}"
      ]
    let loaded = computed(doubling.joined(separator: ", "), text: "${var.v0}")
    #expect(loaded.problems.count == 1 && loaded.problems.first?.hasPrefix("E0504") == true)
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

  @Test(
    "Secrets stay references",
    arguments: [
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

  @Test("What a variable fills in is never a secret") func whatAVariableFillsInIsNeverASecret() {
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

  @Test(
    "What is no reference is refused",
    arguments: [
      ("${secret.}", "E0315"), ("${secret.two words}", "E0315"), ("${secret.a", "E0504"),
      ("${secret.env:}", "E0315"), ("${secrets.a}", "E0504"),
    ])
  func whatIsNoReferenceIsRefused(text: String, code: String) {
    #expect(value(of: text).problems.map { String($0.prefix(5)) } == [code])
  }

  @Test("A dollar before a secret is refused") func aDollarBeforeASecretIsRefused() {
    #expect(value(of: "${var.tag}${var.pw}", tag: "US$").problems == ["E0504 0:3:78"])
  }

  @Test("The reference is given from outside") func theReferenceIsGivenFromOutside() {
    let loaded = value(of: "${var.pw}", given: ["pw": "shop/db-password"])
    #expect(loaded.workload?.main?.env["V"] == "${secret.shop/db-password}")
  }

  @Test("A value in the place of a reference is not repeated")
  func aValueInThePlaceOfAReferenceIsNotRepeated() {
    let loaded = value(of: "x", given: ["pw": "hunter 2!"])
    #expect(loaded.problems.count == 1 && loaded.problems[0].hasPrefix("E0502"))
    #expect(!loaded.messages.contains { $0.contains("hunter") })
  }

  @Test("A variable in a layer is merged") func aVariableInALayerIsMerged() {
    let loaded = Loaded(
      spec("{name: tag, default: a}"), "name: a\nvariables: [{name: tag, default: b}]\n")
    #expect(loaded.problems == [])
    #expect(loaded.workload?.main?.image == "a:b")
  }
}
