import Values

/// Answers to requests for variables. `command/agent/variable_endpoint.go`.
extension Router {
  private static let maximumSize = 64 << 10

  mutating func variables(_ rest: String) -> FakeAnswer {
    guard minor >= 4 else { return Self.missing }
    guard request.method == "GET" else { return .text(405, "Invalid method") }
    let prefix = request["prefix"] ?? ""
    let found = state.variables.filter { key, _ in
      (namespace == "*" || key.namespace == namespace) && key.id.hasPrefix(prefix)
        && allows(.variable(key.id, namespace: key.namespace, "list"))
    }
    return list(
      found.map { key, variable in ("\(key.namespace).\(key.id)", stub(variable, key)) }, .variables,
      "VariableMetadata")
  }

  mutating func variable(_ path: String) -> FakeAnswer {
    guard minor >= 4 else { return Self.missing }
    guard !path.isEmpty else { return .text(400, "missing variable path") }
    let key = FakeKey(namespace: namespace, id: path)
    let found = state.variables[key]
    switch request.method {
    case "GET":
      guard allows(.variable(path, namespace: namespace, "read")) else { return Self.denied }
      guard let found else { return absent("variable not found", .variables) }
      return .json(whole(found, key), index: found.modifyIndex, shape: .object("Variable"))
    case "PUT", "POST":
      guard allows(.variable(path, namespace: namespace, "write")) else { return Self.denied }
      guard case .success(let body) = body("Variable") else {
        return .text(400, "Request body is empty")
      }
      return write(body["Items"]?.strings ?? [:], key, found)
    case "DELETE":
      guard allows(.variable(path, namespace: namespace, "destroy")) else { return Self.denied }
      if let check = request["cas"].flatMap({ UInt64($0) }), check != found?.modifyIndex ?? 0 {
        return conflict(found, key)
      }
      if found != nil {
        _ = state.commit(.variables)
        state.variables[key] = nil
      }
      return .empty(204)
    default: return .text(400, "Invalid method")
    }
  }

  private mutating func write(_ items: [String: String], _ key: FakeKey, _ found: FakeVariable?) -> FakeAnswer
  {
    guard !items.isEmpty else { return .text(400, "variable missing required Items object") }
    let allowed = key.id.utf8.allSatisfy { byte in
      let character = Character(Unicode.Scalar(byte))
      return character.isASCII && (character.isLetter || character.isNumber || "-_~/".contains(character))
    }
    guard allowed, (1...128).contains(key.id.utf8.count) else {
      return .text(400, "invalid path \"\(key.id)\"")
    }
    if key.id == "nomad"
      || key.id.hasPrefix("nomad/") && key.id != "nomad/jobs" && !key.id.hasPrefix("nomad/jobs/")
    {
      return .text(
        400,
        "only paths at \"nomad/jobs\" or \"nomad/jobs/\" and below are valid paths under the top-level \"nomad\" directory"
      )
    }
    let size = items.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    guard size <= Self.maximumSize else {
      return .text(400, "variables are limited to 64KiB in total size")
    }
    if let check = request["cas"].flatMap({ UInt64($0) }), check != found?.modifyIndex ?? 0 {
      return conflict(found, key)
    }
    let index = state.commit(.variables)
    let made = FakeVariable(
      items: items, createIndex: found?.createIndex ?? index, modifyIndex: index,
      createTime: found?.createTime ?? state.now, modifyTime: state.now)
    state.variables[key] = made
    return .json(whole(made, key), index: index, shape: .object("Variable"))
  }

  /// What is in the way, as far as the token may read it.
  private func conflict(_ found: FakeVariable?, _ key: FakeKey) -> FakeAnswer {
    var json: JSON = [
      "Namespace": .string(key.namespace), "Path": .string(key.id), "CreateIndex": 0, "ModifyIndex": 0,
      "CreateTime": 0, "ModifyTime": 0,
    ]
    if let found {
      let mayRead = allows(.variable(key.id, namespace: key.namespace, "read"))
      json = mayRead ? whole(found, key) : stub(found, key)
    }
    return .json(json, index: found?.modifyIndex ?? 0, status: 409, shape: .object("Variable"))
  }

  private func stub(_ variable: FakeVariable, _ key: FakeKey) -> JSON {
    [
      "Namespace": .string(key.namespace), "Path": .string(key.id),
      "CreateIndex": .state(variable.createIndex),
      "ModifyIndex": .state(variable.modifyIndex), "CreateTime": .int(state.clock.unix(variable.createTime)),
      "ModifyTime": .int(state.clock.unix(variable.modifyTime)),
    ]
  }

  private func whole(_ variable: FakeVariable, _ key: FakeKey) -> JSON {
    var json = stub(variable, key)
    json["Items"] = .strings(variable.items)
    return json
  }
}
