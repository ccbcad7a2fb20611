// Draws the JSON beside each chart with ECharts, in the colours of the page, and again when the look changes.
window.drawCharts = () => {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  const dashes = ["solid", "dashed", "dotted"];
  const size = parseFloat(style.fontSize) * 0.8;

  const option = (data) => ({
    animation: false,
    aria: { enabled: true, label: { description: `${data.title}，单位${data.unit}；数据见旁边的表。` }, decal: { show: data.series.length > 1 } },
    color: [colour("red-ink"), colour("blue"), colour("green-ink"), colour("amber-ink"), colour("soft")],
    textStyle: { fontFamily: style.getPropertyValue("--sans"), fontSize: size, color: colour("ink") },
    grid: { left: 4, right: 12, top: data.series.length > 1 ? size * 2.6 : 14, bottom: 4, containLabel: true },
    legend: { show: data.series.length > 1, top: 0, left: 0, icon: "roundRect", textStyle: { color: colour("ink"), fontSize: size } },
    tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: colour("sheet"), borderColor: colour("line"), textStyle: { color: colour("ink"), fontSize: size } },
    xAxis: { type: "category", data: data.labels, axisTick: { show: false }, axisLine: { lineStyle: { color: colour("edge") } }, axisLabel: { color: colour("soft"), fontSize: size, hideOverlap: true } },
    yAxis: { type: "value", minInterval: 1, axisLabel: { color: colour("soft"), fontSize: size }, splitLine: { lineStyle: { color: colour("line") } } },
    series: data.series.map((one, place) => ({
      name: one.name, type: data.kind, data: one.values, symbolSize: 6, barMaxWidth: 28, connectNulls: false,
      lineStyle: { width: 2, type: dashes[place % 3] },
    })),
  });

  document.querySelectorAll("[data-chart]").forEach((figure) => {
    const place = figure.querySelector(".chart-place");
    const data = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
    if (!place || place.clientWidth === 0) return;
    const drawn = echarts.getInstanceByDom(place) ?? echarts.init(place, null, { renderer: "svg" });
    drawn.setOption(option(data), true);
    drawn.resize();
    drawn.off("click");
    drawn.on("click", (event) => { const link = data.links[event.dataIndex]; if (link) location.assign(link); });
  });
};
addEventListener("look", window.drawCharts);
addEventListener("resize", window.drawCharts);
window.drawCharts();
