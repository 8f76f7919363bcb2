import Diagnostics
import DockerAPI
import ProviderKit
import Secrets
import Testing
import WorkloadSpec
import YAMLNodes

@testable import DockerProvider

/// Which registries are shown a secret of a spec.
@Suite struct ListedRegistriesTests {
  private func service(_ image: String, for registry: String) -> Service {
    var service = Service()
    (service.name, service.image) = ("api", image)
    var secret = SecretReference()
    (secret.key, secret.type, secret.as) = ("env:TOKEN", .registry, registry)
    service.secrets = [secret]
    return service
  }

  private let secrets = ["env:TOKEN": SecretValue(bytes: Array("ada:planted".utf8))]

  private func problems(_ registries: ListedRegistries, _ service: Service) -> [DiagnosticCode] {
    var workload = Workload()
    workload.services = [service]
    var diagnostics = Diagnostics()
    registries.check(workload, &diagnostics)
    return diagnostics.map(\.code)
  }

  @Test(
    "A listed registry is shown its secret",
    arguments: [
      ("ghcr.io/shop/api:1", "ghcr.io", ["ghcr.io"]),
      ("localhost:5000/api:1", "localhost:5000", ["localhost:5000"]),
      ("shop/api:1", "docker.io", ["docker.io"]), ("busybox", "docker.io", ["index.docker.io"]),
    ]) func aListedRegistryIsShownItsSecret(image: String, registry: String, listed: [String]) throws
  {
    let service = service(image, for: registry)
    let registries = ListedRegistries(listed)
    #expect(problems(registries, service) == [])
    #expect(try registries.credentials(for: service, among: secrets)?.password == "planted")
    #expect(try registries.credentialsForPlan(of: service, among: secrets)?.password == "planted")
  }

  @Test(
    "A registry that is not listed is shown nothing",
    arguments: [
      ("evil.example.com/shop/api:1", "evil.example.com", []),
      ("evil.example.com/shop/api:1", "evil.example.com", ["ghcr.io"]),
      ("ghcr.io.evil.example.com/api", "ghcr.io.evil.example.com", ["ghcr.io"]),
      ("ghcr.io:5000/api", "ghcr.io:5000", ["ghcr.io"]),
      ("localhost:5001/api", "localhost:5001", ["localhost:5000"]),
    ]) func aRegistryThatIsNotListedIsShownNothing(image: String, registry: String, listed: [String])
  {
    let service = service(image, for: registry)
    let registries = ListedRegistries(listed, of: "prod")
    #expect(problems(registries, service) == [.unlistedRegistry])
    let error = #expect(throws: ActionFailure.self) {
      try registries.credentials(for: service, among: secrets)
    }
    #expect(
      error?.message
        == "the secret `env:TOKEN` is for \(registry), a registry that the target `prod` does not list")
    #expect(throws: ActionFailure.self) {
      try registries.credentialsForPlan(of: service, among: secrets)
    }
  }

  @Test("A secret for another registry is not asked for") func aSecretForAnotherRegistryIsNotAskedFor() throws
  {
    let service = service("evil.example.com/api", for: "ghcr.io")
    #expect(problems(ListedRegistries([]), service) == [])
    #expect(try ListedRegistries([]).credentials(for: service, among: secrets) == nil)
  }

  @Test("A plan by a configuration that was found sends nothing")
  func aPlanByAConfigurationThatWasFoundSendsNothing() throws {
    var service = service("ghcr.io/shop/api:1", for: "ghcr.io")
    let registries = ListedRegistries(["ghcr.io"], isGiven: false)
    #expect(throws: ActionFailure.self) {
      try registries.credentialsForPlan(of: service, among: secrets)
    }
    #expect(problems(registries, service) == [])
    service.pullPolicy = .always
    #expect(problems(registries, service) == [.providerNote])
    // A run does what the spec says anyway.
    #expect(try registries.credentials(for: service, among: secrets)?.user == "ada")
  }

  @Test("What is no host is an error", arguments: ["https://ghcr.io", "ghcr.io/shop", "", "ghcr"])
  func whatIsNoHostIsAnError(_ host: String) {
    let file = SourceFile(name: "berth.yaml", text: "{registries: [ghcr.io, \"\(host)\"]}")
    var decoder = SpecDecoder()
    let root = YAMLReader.read(file, into: &decoder.diagnostics).documents[0]
    _ = DockerTarget.read(root, by: &decoder)
    #expect(decoder.diagnostics.map(\.code) == [.badConfiguration])
    #expect(decoder.diagnostics.first?.location?.column == 14)
  }

  @Test(
    "A configuration that was found reaches this machine only",
    arguments: [
      "tcp://10.0.0.5:2376", "tcp://127.0.0.1:2375", "ssh://deploy@build.example.com",
    ]) func aConfigurationThatWasFoundReachesThisMachineOnly(_ host: String) throws
  {
    func endpoint(isGiven: Bool) throws -> DockerEndpoint {
      var own = DockerTarget()
      own.host = host
      return try DockerEndpoint(of: TargetOptions(name: "prod", own: own, isGiven: isGiven), environment: [:])
    }
    #expect(try !endpoint(isGiven: true).isOfThisMachine)
    let error = #expect(throws: DiagnosticError.self) { try endpoint(isGiven: false) }
    #expect(error?.diagnostics.map(\.code) == [.foundConfiguration])
    #expect(error?.diagnostics.first?.help?.contains("`--config berth.yaml`") == true)
  }

  @Test("What the user says reaches any machine") func whatTheUserSaysReachesAnyMachine() throws {
    var own = DockerTarget()
    own.host = "unix:///run/docker.sock"
    let socket = TargetOptions(name: "prod", own: own, isGiven: false)
    #expect(try DockerEndpoint(of: socket, environment: [:]).isOfThisMachine)
    let plain = TargetOptions(name: "prod", isGiven: false)
    let endpoint = try DockerEndpoint(of: plain, environment: ["DOCKER_HOST": "ssh://build.example.com"])
    #expect(!endpoint.isOfThisMachine)
  }
}
