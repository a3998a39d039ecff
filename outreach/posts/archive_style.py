"""How the page of an archive looks: paper and ink, on a screen, in the dark and in print."""

from __future__ import annotations

STYLE = """
:root{--paper:#faf8f4;--ink:#1f2328;--faint:#5b5f66;--line:#d8d2c7;--came:#14532d;--went:#8a1c1c}
@media (prefers-color-scheme:dark){:root{--paper:#191b1e;--ink:#e8e6e1;--faint:#a9adb3;--line:#41454b;
--came:#8fd6ae;--went:#f0a3a3}}
body{margin:0 auto;max-width:46rem;padding:1.5rem 1rem 4rem;background:var(--paper);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
h1,.days{font-family:Georgia,"Iowan Old Style","Noto Serif",serif;margin:0;line-height:1.25}
h1{font-size:1.75rem;font-weight:400}.days{font-size:1.25rem;margin-bottom:1rem}
header p{margin:.25rem 0}h2{font-size:1.1rem;margin:0}h3{font-size:.9rem;margin:1rem 0 .25rem;color:var(--faint)}
article{border-top:1px solid var(--line);margin-top:2rem;padding-top:1.5rem;content-visibility:auto;
contain-intrinsic-size:auto 500px}
article>p{margin:.25rem 0 1rem;color:var(--faint)}section{margin:0 0 1rem}
.words{white-space:pre-wrap;border-left:3px solid var(--line);padding-left:1rem}.warn{font-weight:600;margin:0 0 .5rem}
.where{list-style:none;margin:.75rem 0 0;padding:0;font-size:.9rem}.where li{margin:0 0 .75rem}
a{color:inherit}.down{font-weight:600}figure{margin:.75rem 0 0}figure img{max-width:100%;max-height:24rem}
figcaption{font-size:.9rem}small,.history,time{color:var(--faint)}ol{padding-left:1.5rem;font-size:.9rem;margin:0}
.poll{font-size:1rem;margin:.5rem 0 0}
ins{color:var(--came);text-decoration:underline}del{color:var(--went)}
@media print{:root{--paper:#fff;--ink:#000;--faint:#333;--line:#999;--came:#000;--went:#000}body{max-width:none}
article{content-visibility:visible}section,figure{break-inside:avoid}}
""".replace("\n", "")
