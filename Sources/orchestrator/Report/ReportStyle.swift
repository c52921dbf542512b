/// How a report looks: light or dark as the reader has it, in the fonts of his system.
enum ReportStyle {
    static let css = """
        :root{--page:#f6f7f9;--card:#fff;--line:#dfe3e8;--text:#1c2430;--faint:#596273;--good:#17703a;--good-bg:#dff3e6;
        --bad:#b3261e;--bad-bg:#fbe3e1;--open:#7a5200;--open-bg:#fdf0d0;--focus:#1a5fd0;--chat:#8250c4;--tool:#c77700;
        --agent:#2f6fd6;--check:#2b8a4b;--other:#5b7a99;--input:#2f6fd6;--output:#8250c4;--read:#2b8a4b;--written:#c77700}
        @media(prefers-color-scheme:dark){:root{--page:#12161c;--card:#1a2029;--line:#303947;--text:#e6eaf0;
        --faint:#9aa6b6;--good:#6fd08f;--good-bg:#15351f;--bad:#ff8a80;--bad-bg:#43191a;--open:#f0c063;--open-bg:#3b2d0d;
        --focus:#7ab0ff;--chat:#b58cf0;--tool:#f0a63c;--agent:#6fa4f7;--check:#5fc283;--other:#8aa5c0;--input:#6fa4f7;
        --output:#b58cf0;--read:#5fc283;--written:#f0a63c}}
        *{box-sizing:border-box}
        html{background:var(--page);color:var(--text);font:15px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
        body{margin:0 auto;max-width:1320px;padding:24px 28px 40px}
        h1{font-size:1.7rem;line-height:1.25;margin:.1em 0 .35em;overflow-wrap:anywhere}
        h2{font-size:1.25rem;margin:2em 0 .5em}
        h3{font-size:1.02rem;margin:0 0 .6em}
        article:first-of-type h2{margin-top:1.2em}
        section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px 18px;margin:14px 0}
        footer,.over,.note,.events{color:var(--faint)}
        footer{margin-top:28px;font-size:.87rem}
        .over{margin:0;font-size:.87rem;letter-spacing:.02em}
        .note{font-size:.87rem;margin:.5em 0 0}
        .status{margin:.2em 0 .9em}
        .badge{display:inline-block;border-radius:999px;padding:1px 10px;font-size:.82rem;font-weight:600;white-space:nowrap}
        .badge.good{color:var(--good);background:var(--good-bg)}
        .badge.bad{color:var(--bad);background:var(--bad-bg)}
        .badge.open{color:var(--open);background:var(--open-bg)}
        .status .badge{font-size:1rem;padding:3px 14px;text-transform:uppercase;letter-spacing:.03em;margin-right:6px}
        dl{margin:0}
        .facts{display:flex;flex-wrap:wrap;gap:8px 28px}
        .facts dt{color:var(--faint);font-size:.8rem}
        .facts dd{margin:0;overflow-wrap:anywhere}
        article>.facts{margin:14px 4px}
        .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(118px,1fr));gap:12px;list-style:none;margin:0;padding:0}
        .cards li{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:10px 14px}
        .cards span{display:block;color:var(--faint);font-size:.8rem}
        .cards strong{font-size:1.28rem;font-variant-numeric:tabular-nums}
        pre{font:13px/1.5 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;white-space:pre-wrap;
        overflow-wrap:anywhere;margin:.3em 0 0}
        .said{border-left:4px solid var(--line);padding:2px 12px;margin:12px 0 0}
        .said.bad{border-color:var(--bad)}
        .words,details pre{background:var(--page);border-radius:8px;padding:10px 12px;max-height:420px;overflow:auto}
        code{font:13px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%}
        th,td{text-align:left;padding:5px 12px 5px 0;border-top:1px solid var(--line);vertical-align:top;font-weight:400}
        thead th{border-top:0;color:var(--faint);font-size:.8rem;white-space:nowrap}
        .usage th+th,.tools th+th,.changes thead th:nth-child(n+3){text-align:right}
        .number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
        .total>*{font-weight:600}
        .plus{color:var(--good)}.minus{color:var(--bad)}
        summary{cursor:pointer}
        .checks thead th:last-child{text-align:right}
        .checks summary{color:var(--faint);font-size:.87rem;margin-top:2px}
        .shares{display:block;border-radius:7px;margin:14px 0 6px}
        .legend{display:flex;flex-wrap:wrap;gap:4px 18px;list-style:none;margin:8px 0 0;padding:0;font-size:.85rem;color:var(--faint)}
        .key{display:inline-block;width:11px;height:11px;border-radius:3px;margin-right:6px}
        .share-input{fill:var(--input);background:var(--input)}.share-output{fill:var(--output);background:var(--output)}
        .share-read{fill:var(--read);background:var(--read)}.share-written{fill:var(--written);background:var(--written)}
        .chat{--c:var(--chat)}.tool{--c:var(--tool)}.agent{--c:var(--agent)}.check{--c:var(--check)}
        .other{--c:var(--other)}rect.bad,.key.bad{--c:var(--bad)}
        .key.chat,.key.tool,.key.agent,.key.check,.key.other,.key.bad{background:var(--c)}
        .waterfall{table-layout:fixed;min-width:760px}
        .waterfall th:first-child{width:36%}
        .waterfall th:nth-child(2),.waterfall th:nth-child(3){width:88px;text-align:right}
        .waterfall tbody th,.waterfall td{padding-top:3px;padding-bottom:3px}
        .waterfall tbody tr:hover{background:color-mix(in srgb,var(--focus) 7%,transparent)}
        .waterfall tbody tr:focus{outline:2px solid var(--focus);outline-offset:-2px;border-radius:4px}
        .waterfall .time{padding-right:0}
        .waterfall tbody .time{background:repeating-linear-gradient(to right,var(--line) 0 1px,transparent 1px 25%)}
        .waterfall svg{display:block;overflow:hidden;margin-top:3px}
        .waterfall rect{fill:var(--c);stroke:var(--c);stroke-width:1}
        .waterfall circle{fill:var(--card);stroke:var(--open);stroke-width:2}
        .js .waterfall tbody .time{cursor:crosshair;touch-action:pan-y}
        .scale{display:flex;justify-content:space-between;font-variant-numeric:tabular-nums}
        .waterfall tbody th{position:relative;overflow-wrap:anywhere}
        .waterfall details{display:block;padding-left:18px}
        .waterfall summary{list-style:none}
        .waterfall summary::-webkit-details-marker{display:none}
        .waterfall summary .badge,.waterfall summary .events{margin-left:8px;font-size:.78rem}
        .fold{float:left;width:18px;color:var(--faint)}
        .js .fold{cursor:pointer}
        [aria-expanded=false]>th>.fold{transform:rotate(-90deg);transform-origin:5px 55%}
        \(depths)
        .attributes{font-size:.83rem;margin:4px 0 8px;border-left:2px solid var(--line);padding-left:10px}
        .attributes div{display:flex;gap:10px}
        .attributes dt{color:var(--faint);flex:0 0 42%}
        .attributes dd{margin:0;white-space:pre-wrap;min-width:0}
        .event{margin:4px 0 0;font-size:.85rem;color:var(--open)}
        div.tools{display:flex;flex-wrap:wrap;gap:6px;align-items:center;margin-bottom:6px}
        [hidden]{display:none!important}
        button{font:inherit;font-size:.87rem;color:var(--text);background:var(--page);border:1px solid var(--line);
        border-radius:7px;min-width:34px;padding:3px 10px;cursor:pointer}
        button:hover{border-color:var(--focus)}
        button:focus-visible,summary:focus-visible{outline:2px solid var(--focus);outline-offset:1px}
        .range{color:var(--faint);font-size:.87rem;margin-left:8px;font-variant-numeric:tabular-nums}
        kbd{border:1px solid var(--line);border-bottom-width:2px;border-radius:4px;padding:0 5px;font-size:.8rem}
        .selection{position:fixed;background:var(--focus);opacity:.2;pointer-events:none}
        .visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        @media(max-width:640px){body{padding:14px}section{padding:12px}}
        @media print{div.tools,.keys{display:none!important}section{break-inside:avoid-page}}
        """

    /// How far a name stands to the right, by its depth in the tree.
    private static let depths = (1...24).map { ".depth-\($0){padding-left:\($0 * 16)px}" }.joined()
}
