(function () {
  var all = function (selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); };
  var hits = all('.hit'), groups = all('.group'), folds = all('.cases'), search = document.getElementById('search');
  var said = document.getElementById('said'), texts = hits.map(function (hit) { return hit.textContent.toLowerCase(); });
  var names = { tr: 'requirement', li: 'case', details: 'finding' };
  function plural(count, name) { return count + ' ' + name + (count === 1 ? '' : 's'); }
  function filter() {
    var words = search.value.toLowerCase().split(/\s+/).filter(Boolean), counts = { tr: 0, li: 0, details: 0 };
    var kind = document.querySelector('.kinds :checked').value, narrowed = words.length > 0 || kind !== '';
    hits.forEach(function (hit, at) {
      var shown = words.every(function (word) { return texts[at].indexOf(word) >= 0; }) &&
        (kind === '' || hit.dataset.k.split(' ').indexOf(kind) >= 0);
      hit.hidden = !shown;
      counts[hit.tagName.toLowerCase()] += shown;
    });
    groups.forEach(function (group) { group.hidden = narrowed && !group.querySelector('.hit:not([hidden])'); });
    folds.forEach(function (fold) { fold.open = narrowed && !!fold.querySelector('.hit:not([hidden])'); });
    said.textContent = narrowed ? Object.keys(names).map(function (tag) { return plural(counts[tag], names[tag]); }).join(', ') : '';
  }
  document.documentElement.classList.add('js');
  search.addEventListener('input', filter);
  all('.kinds input').forEach(function (input) { input.addEventListener('change', filter); });
  window.addEventListener('beforeprint', function () { all('details.failure').forEach(function (one) { one.open = true; }); });
  filter();
})();
