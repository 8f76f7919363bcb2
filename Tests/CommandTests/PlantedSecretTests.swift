import Foundation
import Testing
import Values

/// Secrets that are planted in every way that there is, and then looked for in everything that is left behind.
@Suite struct PlantedSecretTests {
  let sandbox: Sandbox

  init() throws { sandbox = try Sandbox() }

  /// A text that stands nowhere else.
  private func plant(_ name: String) -> String { "planted-\(name)-9c41e7" }

  /// What every command said so far.
  private final class Transcript {
    var text = ""
  }

  private let transcript = Transcript()

  /// Runs a command and keeps what it said.
  @discardableResult
  private func berth(_ arguments: String..., input: String? = nil) throws -> Sandbox.Result {
    let result = try sandbox.berth(arguments, input: input)
    transcript.text += "$ \(arguments.joined(separator: " "))\n\(result.output)\(result.errors)"
    return result
  }

  /// A DER sequence with the planted text in it, as PEM.
  private func pem(_ label: String, _ text: String) -> String {
    let body = Base64.encode([0x30, UInt8(text.utf8.count)] + Array(text.utf8))
    return "-----BEGIN \(label)-----\n\(body)\n-----END \(label)-----\n"
  }

  private func workload(command: String = "exec sleep 86400", more: String = "") -> String {
    """
    name: shop
    strategy: {type: rolling, maxSurge: 0, maxUnavailable: 1}
    variables:
      - {name: in_env, type: secret, default: "env:PLANTED_VARIABLE"}
      - {name: in_file, type: secret, default: shop/in-config}
    services:
      - name: api
        command: [/bin/sh, -c, '\(command)']
        stopGrace: 1s
        env: {URL: "db://app:${var.in_env}@db", LEVEL: info\(more)}
        secrets:
          - {key: shop/in-vault, type: env, as: IN_VAULT}
          - {key: shop/in-vault-file, type: file, as: /etc/vault-file}
          - {key: "env:PLANTED_ENVIRONMENT", type: env, as: IN_ENVIRONMENT}
          - {key: "file:planted.txt", type: file, as: /etc/from-file}
          - {key: shop/tls, type: tls, as: /etc/tls}
          - {key: shop/registry, type: registry, as: ghcr.io}
        configFiles:
          - {name: app, path: /etc/app.conf, content: "password=${var.in_file}\\n"}
      - name: watch
        role: sidecar
        command: [/bin/sh, -c, 'exec sleep 86400']
        stopGrace: 1s
    """
  }

  /// The only files that may hold a secret in clear, with their modes: those that the service is given, and the one
  /// that a reference names.
  private var allowed: [String: Int] {
    [
      "planted.txt": 0o600, root + "/vault-file": 0o400, root + "/from-file": 0o400,
      root + "/tls/tls.crt": 0o444, root + "/tls/tls.key": 0o400, config: 0o400,
    ]
  }

  private let root = "home/local/instances/default_shop_0/services/api/root/etc"
  private var config: String { root + "/app.conf" }

  @Test("A secret is found nowhere but where it is used") func aSecretIsFoundNowhereButWhereItIsUsed() throws
  {
    var planted = [
      "vault", "vault-file", "variable", "environment", "file", "certificate", "key", "registry", "config",
      "rotated", "removed",
    ].map(plant)
    sandbox.environment["PLANTED_VARIABLE"] = plant("variable")
    sandbox.environment["PLANTED_ENVIRONMENT"] = plant("environment")
    chmod(try sandbox.write("planted.txt", plant("file")), 0o600)
    let certificate = pem("CERTIFICATE", plant("certificate"))
    let key = pem("PRIVATE KEY", plant("key"))
    planted += [certificate, key].map { String($0.split(separator: "\n")[1]) }
    try berth("secret", "set", "shop/in-vault", input: plant("vault"))
    try berth("secret", "set", "shop/in-vault-file", input: plant("vault-file"))
    try berth("secret", "set", "shop/in-config", input: plant("config"))
    try berth("secret", "set", "shop/tls", input: certificate + key)
    try berth("secret", "set", "shop/registry", input: "ada:\(plant("registry"))")
    try berth("secret", "set", "shop/unused", input: plant("removed"))
    try berth("secret", "rm", "shop/unused", "--yes")
    let file = try sandbox.write("shop.yaml", workload())
    let changed = try sandbox.write("changed.yaml", workload(more: ", MORE: \"${var.in_file}\""))
    let failing = try sandbox.write("failing.yaml", workload(command: "exit 3"))

    // Everything that prints, before, between and after.
    for format in ["text", "json", "markdown", "mermaid", "dot"] {
      try berth("plan", "-f", file, "--format", format)
    }
    try berth("render", "-f", file)
    try berth("render", "-f", file, "--format", "json")
    try berth("render", "-f", file, "--explain", "services[api].env.URL")
    try berth("validate", "-f", file)
    let applied = try berth("apply", "-f", file, "--format", "json")
    #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
    try look(for: planted, expecting: Set(allowed.keys))
    try berth("plan", "-f", changed, "--out", "plan.json")
    #expect(try berth("apply", "plan.json", "--format", "json").status == 0)
    #expect(try berth("apply", "-f", failing, "--timeout", "10s").status == 1)
    #expect(try berth("apply", "-f", failing, "--timeout", "10s", "--atomic", "--format", "json").status == 1)
    try berth("secret", "set", "shop/in-vault", input: plant("rotated"))
    for format in ["text", "json", "markdown"] { try berth("plan", "-f", changed, "--format", format) }
    #expect(try berth("apply", "-f", changed).status == 0)
    try berth("secret", "set", "shop/tls", input: plant("certificate"))
    #expect(try berth("apply", "-f", file).errors.contains("E0621"))
    try berth("secret", "set", "shop/tls", input: certificate + key)
    try berth("secret", "set", "shop/registry", input: plant("registry"))
    #expect(try berth("plan", "-f", file, "--var", "in_env=shop/nowhere").errors.contains("E0610"))
    try berth("secret", "set", "shop/registry", input: "ada:\(plant("registry"))")
    for format in ["text", "json"] {
      for command in [
        ["status", "shop"], ["history", "shop"], ["diff", "shop", "1", "2"], ["drift", "shop"], ["list"],
        ["secret", "list"],
      ] {
        let result = try sandbox.berth(command + ["--format", format])
        transcript.text += result.output + result.errors
      }
    }
    try byHand("password=\(plant("by-hand"))\n")
    try berth("drift", "shop")
    try berth("drift", "shop", "--format", "json")
    try berth("plan", "-f", changed)
    try look(for: [plant("by-hand")], expecting: [config])
    #expect(try berth("apply", "-f", changed).status == 0)
    try berth("logs", "shop")
    try berth("rollback", "shop", "--to", "1")
    try berth("restart", "shop")
    try look(for: planted, expecting: Set(allowed.keys))
    try berth("destroy", "shop", "--yes")
    try look(for: planted, expecting: ["planted.txt"])
  }

  /// A user changes the config file of the service by hand.
  private func byHand(_ text: String) throws {
    let path = sandbox.folder + "/" + config
    try FileManager.default.removeItem(atPath: path)
    chmod(try sandbox.write(config, text), 0o400)
  }

  // MARK: Looking

  /// Looks everywhere.
  ///
  /// - Parameter expected: the files that hold what is looked for.
  private func look(for planted: [String], expecting expected: Set<String>) throws {
    // A value may lie there in other clothes.
    let forms = planted.flatMap { text in
      [text, Hex.lower(Array(text.utf8)), String(Base64.encode(Array(text.utf8)).dropLast(4))]
    }.map { Data($0.utf8) }
    func holdsSecret(_ data: Data) -> Bool { forms.contains { data.range(of: $0) != nil } }

    #expect(!holdsSecret(Data(transcript.text.utf8)), "the output")
    var found: Set<String> = []
    let paths = FileManager.default.enumerator(atPath: sandbox.folder)
    var names: Set<String> = []
    while let path = paths?.nextObject() as? String {
      names.insert(path)
      guard let data = FileManager.default.contents(atPath: sandbox.folder + "/" + path) else { continue }
      if holdsSecret(data) { found.insert(path) }
    }
    #expect(names.contains("home/local/berth.db") && names.contains("home/vault/vault.json"))
    #expect(found == expected)
    for path in expected {
      let attributes = try FileManager.default.attributesOfItem(atPath: sandbox.folder + "/" + path)
      #expect(attributes[.posixPermissions] as? Int == allowed[path], "\(path)")
    }
    if expected.contains(config) {
      let supervisor = try sandbox.supervisor(of: "shop")
      let environment = try #require(FileManager.default.contents(atPath: "/proc/\(supervisor)/environ"))
      #expect(!environment.isEmpty && !holdsSecret(environment), "the environment of the supervisor")
    }
    for process in try FileManager.default.contentsOfDirectory(atPath: "/proc") where Int(process) != nil {
      // It may have ended meanwhile.
      guard let arguments = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") else { continue }
      #expect(!holdsSecret(arguments), "the arguments of process \(process)")
    }
  }
}
