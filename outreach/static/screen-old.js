// Televisions that know no modules load the page of the next post instead of turning to it.
setTimeout(function () { location.href = document.body.getAttribute("data-next"); }, document.body.getAttribute("data-each") * 1000);
