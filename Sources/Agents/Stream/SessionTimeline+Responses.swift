/// The responses of the model.
extension SessionTimeline {
    mutating func beginRequest(at time: WallTime) {
        endLooseResponse(of: Self.mainLoop)
        // A request that is sent again, because its stream broke, is for the same response.
        if loops[Self.mainLoop]?.response == nil { _ = beginResponse(in: Self.mainLoop, at: time) }
    }

    mutating func beginResponse(in loop: String, at time: WallTime) -> Operation.ID {
        let operation = Operation(
            id: newID(),
            parent: parent(of: loop),
            kind: .response(model: loops[loop]?.model ?? loops[Self.mainLoop]?.model)
        )
        loops[loop, default: Loop()].response = OpenResponse(id: operation.id, beganAt: time, lastAt: time)
        loops[loop]?.readyAt = nil
        told.append(.began(operation, at: time))
        return operation.id
    }

    /// The response that is waited for: the main loop's, or that of the only sub-agent that waits for one.
    mutating func responseUnderWay(at time: WallTime) -> Operation.ID? {
        if let response = loops[Self.mainLoop]?.response { return response.id }
        let waiting = loops.filter { $0.value.readyAt != nil || $0.value.response != nil }
        guard waiting.count == 1, let (name, loop) = waiting.first else { return nil }
        return loop.response?.id ?? beginResponse(in: name, at: loop.readyAt ?? time)
    }

    mutating func take(_ event: StreamEvent, in loop: String, at time: WallTime) {
        switch event {
        case .messageStart(let id, let model, let usage, let delay):
            noteBeginning(in: loop, at: time, delay)
            loops[loop]?.model = model
            loops[loop]?.response?.details.timeToFirstChunk = delay
            loops[loop]?.response?.begin(id: id, model: model, usage, at: time)
        case .messageDelta(_, let usage, let stopReason):
            loops[loop]?.response?.details.add(usage)
            if let usage { loops[loop]?.response?.details.outputTokens = usage.output }
            guard let stopReason else { return }
            loops[loop]?.response?.details.finishReason = stopReason
            endResponse(of: loop, at: time, nil)
        case .piece, .ping:
            break
        }
    }

    /// Begins a response with its first piece, or corrects when it began: the agent tells how long before it sent the request.
    ///
    /// Where a request had failed, that is about a later one.
    private mutating func noteBeginning(in loop: String, at time: WallTime, _ delay: Duration?) {
        let sent = trustsRecordTimes ? delay.map { time.before($0) } : nil
        guard let response = loops[loop]?.response else {
            _ = beginResponse(in: loop, at: loops[loop]?.readyAt.map { max($0, sent ?? $0) } ?? time)
            return
        }
        guard let sent, !response.wasRetried, !response.isStreamed, response.beganAt.since(sent) < .seconds(1) else {
            return
        }
        told.append(.corrected(response.id, began: sent))
    }

    mutating func take(_ message: StreamRecord.Message, in loop: String, at time: WallTime) {
        if message.isMadeUp {
            endLooseResponse(of: loop)
            if loop != Self.mainLoop, loops[loop]?.response == nil, let readyAt = loops[loop]?.readyAt {
                _ = beginResponse(in: loop, at: readyAt)
            }
            endResponse(of: loop, at: time, message.failure ?? "unknown")
            return
        }
        if let id = loops[loop]?.response?.details.id, id != message.id { endLooseResponse(of: loop) }
        let isKnown = message.id != nil && message.id == loops[loop]?.lastMessageID
        if loops[loop]?.response == nil, !isKnown {
            _ = beginResponse(in: loop, at: min(loops[loop]?.readyAt ?? time, time))
        }
        if !isKnown {
            loops[loop]?.model = message.model
            loops[loop]?.response?.details.id = message.id
            loops[loop]?.response?.details.model = message.model
            loops[loop]?.response?.details.add(message.usage)
            loops[loop]?.response?.lastAt = time
        }
        for block in message.blocks {
            switch block {
            case .text(let text): loops[loop]?.response?.details.append(text)
            case .toolCall(let id, let name, let input): announce(id, name, input, in: loop, at: time)
            }
        }
    }

    /// Ends a response that came in whole records: with its last block, as no piece tells its end.
    mutating func endLooseResponse(of loop: String) {
        if let response = loops[loop]?.response, response.isLoose { endResponse(of: loop, at: response.lastAt, nil) }
    }

    mutating func endResponse(of loop: String, at time: WallTime, _ errorType: String?) {
        guard let response = loops[loop]?.response else { return }
        loops[loop]?.response = nil
        loops[loop]?.lastMessageID = response.details.id
        let end = OperationEnd(errorType: response.isLoose ? nil : errorType, response: response.details)
        told.append(.ended(response.id, end, at: response.isLoose ? response.lastAt : time))
    }
}

extension SessionTimeline.OpenResponse {
    mutating func begin(id: String?, model: String?, _ usage: TokenCounts?, at time: WallTime) {
        isStreamed = true
        details.id = id
        details.model = model
        details.add(usage)
        lastAt = time
    }
}

extension ResponseDetails {
    /// Takes in what the service counts, but for the output, of which only the last count is true.
    mutating func add(_ usage: TokenCounts?) {
        guard let usage else { return }
        inputTokens = max(inputTokens ?? 0, usage.input)
        cacheReadTokens = max(cacheReadTokens, usage.cacheRead)
        cacheCreationTokens = max(cacheCreationTokens, usage.cacheCreation)
    }

    mutating func append(_ text: String) {
        let left = 65_536 - texts.reduce(0) { $0 + $1.utf8.count }
        if left > 0 { texts.append(text.utf8.count <= left ? text : String(text.prefix(left / 4))) }
    }
}
