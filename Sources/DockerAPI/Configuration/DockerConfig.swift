import UserFiles

/// What the docker client of this user is set up to do: which engine it talks to, and where it keeps credentials.
package struct DockerConfig: Sendable, Equatable {
  /// The folder that it is read from.
  package let folder: String
  /// What `config.json` says.
  let file: File

  struct File: Decodable, Sendable, Equatable {
    var currentContext: String?
    var auths: [String: StoredCredentials]?
    var credsStore: String?
    var credHelpers: [String: String]?
  }

  /// Credentials in the file itself.
  struct StoredCredentials: Decodable, Sendable, Equatable {
    var auth: String?
    var username: String?
    var password: String?
    var identitytoken: String?
  }

  /// Reads `config.json` in the folder that `DOCKER_CONFIG` names, or in `~/.docker`. Without the file, everything is
  /// as it is by default.
  ///
  /// - Throws: ``DockerError`` if the file is there and can't be read.
  package static func load(environment: [String: String]) throws -> DockerConfig {
    let named = environment["DOCKER_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
    let folder = named ?? "\(environment["HOME"] ?? "")/.docker"
    return DockerConfig(folder: folder, file: try read("\(folder)/config.json", as: File.self) ?? File())
  }

  init(folder: String, file: File) {
    self.folder = folder
    self.file = file
  }

  /// What a file of JSON says; `nil` if it is not there.
  static func read<Value: Decodable>(_ path: String, as type: Value.Type) throws -> Value? {
    let help = "it is what the docker client keeps its settings in; mend it, or name another by DOCKER_CONFIG"
    do {
      return try EngineJSON.read(type, from: try UserFile.bytes(of: path, atMost: maximumSize))
    } catch let error as UserFileError {
      if error.isMissing { return nil }
      throw DockerError(error.message, help: help)
    } catch {
      throw DockerError("\(path) can't be read: \(EngineJSON.reason(error))", help: help)
    }
  }

  /// The size of the largest file of settings: 4 MiB.
  private static let maximumSize = 4 << 20
}
