import Values

extension JSON {
  /// The job with the whole numbers among its drivers' options as such: servers keep them as fractions, and write `64.0`.
  var withWholeOptions: JSON {
    var job = self
    job.changeGroup(JobNames.group) { group in
      guard let tasks = group["Tasks"]?.array else { return }
      group["Tasks"] = .array(
        tasks.map { task in
          var task = task
          if let options = task["Config"] { task["Config"] = options.withWholeNumbers }
          return task
        })
    }
    return job
  }

  private var withWholeNumbers: JSON {
    switch self {
    case .number(let text): Double(text).flatMap { Int64(exactly: $0) }.map(JSON.int) ?? self
    case .array(let elements): .array(elements.map(\.withWholeNumbers))
    case .object(let members): .object(members.map { Member($0.key, $0.value.withWholeNumbers) })
    case .null, .bool, .int, .string: self
    }
  }
}
