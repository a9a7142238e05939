"""The footer a home page owes, with every mark: for made-up sites whose marks are not what is tested.

It asks for nothing of its own: its one address is that of a page these sites have anyway.
"""

FOOTER = """<p><a href="/a/0.html">网站地图</a> | 联系电话：0999-8812345</p>
<p>主办单位：云川市人民政府办公室</p><p>网站标识码：5300990012　云ICP备20200012号-1　云公网安备 53009900000012号</p>
<span id="_span_jiucuo"><b id="_jiucuo_" sitecode="5300990012">网站找错</b></span>
<script>document.write(unescape("%3Cscript src='http://dcs.conac.cn/js/99/000/0000/5300990012/CA99.js'%3E%3C/script%3E"));</script>"""
