import DockerProvider
import Engine
import Foundation
import KubernetesProvider
import LocalProvider
import NomadProvider
import ProviderKit

/// A provider of each kind. None of them connects to its engine before something is asked for.
func makeProviders(home: String) -> [any Provider] {
  let environment = ProcessInfo.processInfo.environment
  // Processes of this machine: all of them, and their history, are kept below one folder.
  let local = LocalProvider(
    home: home, store: LocalStore(path: home + "/berth.db"), executable: "/usr/local/bin/berth")
  // The engine that the docker client means, too; or another one.
  let docker = DockerProvider(TargetOptions(name: "docker"), environment: environment)
  var engine = DockerTarget()
  engine.host = "ssh://deploy@build.example.com"
  let remote = DockerProvider(TargetOptions(name: "build", own: engine), environment: environment)
  // The cluster of a context of the kubeconfig.
  var cluster = KubernetesTarget()
  cluster.context = "staging"
  cluster.createNamespace = true
  let kubernetes = KubernetesProvider(
    TargetOptions(name: "staging", own: cluster), environment: environment, isInteractive: false,
    workingDirectory: FileManager.default.currentDirectoryPath)
  // The agent that the program nomad means, too, or another one, with the token that a secret holds.
  var servers = NomadTarget()
  servers.address = "https://nomad.example.com:4646"
  servers.token = "env:DEPLOY_TOKEN"
  let nomad = NomadProvider(
    TargetOptions(name: "prod", own: servers), environment: environment,
    workingDirectory: FileManager.default.currentDirectoryPath, secrets: SecretResolvers.standard.joined)
  return [local, docker, remote, kubernetes, nomad]
}
