import WorkloadSpec

/// An address that takes the place of a name in a text.
struct AddressPlace: Sendable {
  /// What it takes the place of, counted in characters of the text with its variables filled in.
  let range: Range<Int>
  /// What stands there instead.
  let reference: AddressReference

  /// The address of a service in place of its name: with the port where the service lists it, else the host alone.
  init(
    _ mention: HostMention, in text: ComposeText, of target: ServiceDraft, workload: String
  ) {
    let host = AddressReference(.host, of: target.name, workload: workload, port: nil)
    guard let port = mention.port, !port.isFollowed, target.listedPorts.contains(port.number),
      !text.hasVariable(in: mention.range.upperBound..<port.end, besides: mention.range)
    else {
      (range, reference) = (mention.range, host)
      return
    }
    range = mention.range.lowerBound..<port.end
    reference = AddressReference(.address, of: target.name, workload: workload, port: port.number)
  }
}

extension ComposeText {
  /// How many characters a piece stands for.
  private static func length(of piece: Piece) -> Int {
    switch piece {
    case .character, .address: 1
    case .variable(let use): use.value?.unicodeScalars.count ?? 0
    }
  }

  /// Whether a variable stands for some of the characters, other than one that stands for others, too.
  fileprivate func hasVariable(in range: Range<Int>, besides other: Range<Int>) -> Bool {
    var start = 0
    for piece in pieces {
      let end = start + Self.length(of: piece)
      if case .variable = piece, start < range.upperBound, end > range.lowerBound,
        !(start < other.upperBound && end > other.lowerBound)
      {
        return true
      }
      start = end
    }
    return false
  }

  /// The text with addresses in it, and the variables that stood for what they take the place of: these are filled in.
  ///
  /// - Parameter places: in their order, none within another.
  func replacing(_ places: [AddressPlace]) -> (text: ComposeText, filledIn: [VariableUse]) {
    var result: [Piece] = []
    var filledIn: [VariableUse] = []
    var left = places[...]
    var start = 0
    func add(_ character: Character, at index: Int) {
      if let place = left.first, place.range.lowerBound <= index {
        if place.range.lowerBound == index { result.append(.address(place.reference)) }
        if place.range.upperBound == index + 1 { left.removeFirst() }
      } else {
        result.append(.character(character))
      }
    }
    for piece in pieces {
      switch piece {
      case .character(let character):
        add(character, at: start)
        start += 1
      case .address:
        result.append(piece)
        start += 1
      case .variable(let use):
        let value = ComposeText(use.value ?? "").pieces
        let end = start + value.count
        guard left.contains(where: { $0.range.lowerBound < end && $0.range.upperBound > start }) else {
          // One without a value may stand within a name.
          if left.first.map({ $0.range.lowerBound < start }) != true { result.append(piece) }
          start = end
          continue
        }
        filledIn.append(use)
        for (offset, inner) in value.enumerated() {
          if case .character(let character) = inner { add(character, at: start + offset) }
        }
        start = end
      }
    }
    return (ComposeText(result), filledIn)
  }
}
